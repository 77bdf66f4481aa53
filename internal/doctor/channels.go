package doctor

import (
	"context"
	"errors"
	"fmt"

	"meetingbot/bot"
)

// The scopes that let Slack tell whether a channel exists. Only doctor uses them.
const (
	channelScope = "channels:read"
	privateScope = "groups:read"
)

// channels looks up ALLOW_CHANNELS as far as Slack lets the bot see them. A missing scope
// isn't a fault, because nothing else needs it.
func (s *slack) channels(ctx context.Context) (found []finding) {
	ids := named(s.cfg.AllowChannels)
	var unknown, unanswered int
	for _, id := range ids {
		archived, err := bot.IsArchived(ctx, s.api, bot.ChannelID(id))
		switch {
		case errors.Is(err, bot.ErrMissingScope):
			unknown++
		case errors.Is(err, bot.ErrCannotPost):
			found = append(found, warning("ALLOW_CHANNELS: "+id+" doesn't exist, or is a private channel that the bot isn't in; Slack doesn't say which",
				"compare it with the id at the end of the channel's details in Slack, or invite the bot there and run doctor again"))
		case bot.Temporary(err):
			unanswered++
		case err != nil:
			found = append(found, warning("ALLOW_CHANNELS: "+id+" could not be looked up ("+err.Error()+")",
				"compare it with the id at the end of the channel's details in Slack"))
		case archived:
			found = append(found, warning("ALLOW_CHANNELS: "+id+" is archived, so nobody can type the command there", "remove it, or choose another channel"))
		}
	}
	found = cut(found, maxNamed)
	if unknown > 0 {
		found = append(found, passed(fmt.Sprintf("ALLOW_CHANNELS: %s not checked, because the bot has no scope for it (%s, or %s for private channels); to be sure, type the command in each, "+
			"or compare them with the id at the end of each channel's details in Slack", countOf(unknown, len(ids), "channel"), channelScope, privateScope)))
	}
	if unanswered > 0 {
		found = append(found, warning(fmt.Sprintf("ALLOW_CHANNELS: %s not checked: Slack did not answer in time", countOf(unanswered, len(ids), "channel")), "run doctor again in a minute"))
	}
	return found
}

func countOf(n, all int, what string) string {
	if n == all {
		return count(n, what)
	}
	return fmt.Sprintf("%d of %s", n, count(all, what))
}
