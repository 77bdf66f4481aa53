package sim

import (
	"time"

	"meetingbot/internal/config"
)

const tokenRevoked = "the bot's token is revoked"

// tokenFault has Slack refuse the bot's token until the operator restarts the service with a new one.
// The sockets stay open meanwhile: they have a token of their own.
func (w *world) tokenFault() {
	at := w.when("token/when")
	long := w.chance.between("token/for", time.Second, min(45*time.Second, w.horizon))
	code := pick(w.chance, "token/code", "token_revoked", "account_inactive", "invalid_auth")
	pause := w.chance.between("token/pause", time.Millisecond, 4*time.Second)
	dies := w.chance.unit("token/dies") < 0.3
	w.chance.note("token: Slack refuses the bot's token from %s on (%s); %s later the process starts with a new one", w.clock(w.began.Add(at)), code, long)
	w.after(at, func() {
		w.struck.Add(1)
		w.count(tokenRevoked)
		w.tell("token: %s (%s)", tokenRevoked, code)
		revoked := w.config.SlackBotToken.Reveal()
		w.slack.RefuseToken(revoked, code)
		time.Sleep(long)
		const renewed = "xoxb-2-sim"
		w.slack.RotateBotToken(renewed)
		w.slack.RefuseToken(revoked, code)
		w.tell("token: there is a new one")
		w.reconfigure("token", func(c *config.Config) { c.SlackBotToken = renewed }, dies, pause)
	})
}
