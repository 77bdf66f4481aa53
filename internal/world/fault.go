package world

import (
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
)

// slack KIND METHOD [skip=N] [times=N] [for=D] [error=CODE] [needed=SCOPE] [retry=SECONDS]
// [status=N] [after] [to=@WHO] [delay=D] injects a fault; a late call takes effect after delay
// even if the program has given up. Other forms: slack disconnect REASON, slack drop HOW, slack
// clear, slack token CODE (refuses the bot's token until slack token ok), slack rename /NAME,
// slack fresh on|off (redeliveries get a new envelope id), slack grid, slack lax.
func (s services) slackFault(ts *testscript.TestScript, args []string) {
	o := options(args)
	switch args[0] {
	case "clear":
		s.Slack.ClearFaults()
	case "disconnect":
		s.Slack.Disconnect(args[1])
	case "drop":
		if !s.Slack.DropSocket(args[1]) {
			ts.Fatalf("no socket to drop")
		}
	case "lax":
		s.lax = true
	case "token":
		s.Slack.RefuseToken(s.env["SLACK_BOT_TOKEN"], strings.TrimPrefix(args[1], "ok"))
	case "rename":
		s.Slack.RenameCommand(args[1])
	case "fresh":
		s.Slack.SetFreshEnvelopes(args[1] == "on")
	case "grid": // installs the app to an organisation that has another workspace, T0TWO
		s.Slack.InstallToOrg(slacksim.Enterprise{ID: "E0ORG", Name: "Acme", Teams: []string{"T0TWO"}})
	default:
		f := slacksim.Fault{Kind: slacksim.Kind(args[0]), Method: args[1], Error: o["error"], Needed: o["needed"]}
		_, f.After = o["after"]
		for name, to := range map[string]*int{"times": &f.Times, "retry": &f.RetryAfter, "status": &f.Status, "skip": &f.Skip} {
			if o[name] != "" {
				*to = number(ts, o[name])
			}
		}
		for name, to := range map[string]*time.Duration{"delay": &f.Delay, "for": &f.For} {
			if o[name] != "" {
				*to = duration(ts, o[name])
			}
		}
		if o["to"] != "" {
			f.Channel = who(ts, o["to"])
		}
		s.Slack.Fault(f)
	}
}

// service KIND OPERATION [times=N] [for=D] [status=N] [code=C] [after] [delay=D]
// [retry=SECONDS] [fields=subConfs,state,attendees,flags] [from=OPERATION,…] injects a fault;
// from arms it once such calls have come. service clear removes all faults.
func (s services) meetingFault(ts *testscript.TestScript, args []string) {
	if args[0] == "clear" {
		s.Meeting.ClearFaults()
		return
	}
	o := options(args)
	f := meetingsim.Fault{Kind: meetingsim.FaultKind(args[0]), Operation: args[1], Code: o["code"], Fields: o["fields"], From: o["from"]}
	_, f.After = o["after"]
	for name, to := range map[string]*int{"times": &f.Times, "status": &f.Status, "retry": &f.RetryAfter} {
		if o[name] != "" {
			*to = number(ts, o[name])
		}
	}
	for name, to := range map[string]*time.Duration{"delay": &f.Delay, "for": &f.For} {
		if o[name] != "" {
			*to = duration(ts, o[name])
		}
	}
	s.Meeting.Fault(f)
}

// pass D lets time pass while people do nothing. Use it only for things that expire, never to
// wait for the program.
func (s *script) pass(ts *testscript.TestScript, args []string) {
	timer := time.NewTimer(duration(ts, args[0]))
	defer timer.Stop()
	<-timer.C
}

// calls [!] METHOD N: the program has called this Slack method at least N times, and each call
// was answered or given up.
func (s viewer) calls(ts *testscript.TestScript, neg bool, args []string) {
	s.expect(ts, neg, args[1]+" calls of "+args[0], func() bool { return len(s.Slack.Calls(args[0])) >= number(ts, args[1]) })
}
