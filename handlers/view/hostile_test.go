package view_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"meetingbot/handlers/view"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/help"
	"meetingbot/handlers/view/list"
	"meetingbot/handlers/view/modal"
	"meetingbot/handlers/view/notice"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// hostile generates text that a person might type to break a message.
func hostile() *rapid.Generator[string] {
	nasty := rapid.SampledFrom([]string{
		"<!channel>", "<@U0ANA0001>", "@here", "*", "_", "~", "`", "```", "&", "&amp;", "<", ">", "|", "^", "\n", "\r\n> ", "\u202e", "\u2066",
		"\u200b", "\x00", "\x1b[31m", "👩‍👩‍👧‍👦", "🇧🇷", "é", "اجتماع", "会议", ":white_check_mark:", "https://evil.example/?a=b&c=d|x",
		"{{.Subject}}", "%s", "\xff\xfe", "<https://evil.example|Cancel meeting>", "<!date^1^{date}|x>", strings.Repeat("&", 500), strings.Repeat("長", 400),
	})
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(nasty, rapid.String()), 0, 30).Draw(t, "parts"), "")
	})
}

// byContent orders requests, so that a failure can be reproduced.
func byContent(a, b cancellation.Request) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }

// hostileRequest returns a request with such text in every external field.
func hostileRequest(t *rapid.T) cancellation.Request {
	r := rapid.SampledFrom(slices.Concat([]cancellation.Request{
		sample.Planned(), sample.Running(), sample.Recurring(), sample.RecurringRunning(), sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 0, 4)),
		sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed), sample.UndoWindow), sample.Change(sample.Running(), sample.EndAsked, sample.InState(cancellation.Calling)),
		{ID: "i", State: cancellation.Asked},
	}, slices.SortedFunc(maps.Values(sample.Finals()), byContent))).Draw(t, "request")
	text := hostile()
	for _, field := range []*string{
		&r.Meeting.Subject, &r.Meeting.OwnerName, &r.Reason, &r.Owner.Name, &r.Meeting.Number, &r.Meeting.ID, &r.Number, &r.Asker, &r.ConfirmedBy,
		&r.ClosedBy, &r.Reference, &r.Why, &r.Wanted, &r.Meeting.Rule.Until, &r.Meeting.Rule.Cycle,
	} {
		if rapid.Bool().Draw(t, "spoil") {
			*field = text.Draw(t, "text")
		}
	}
	r.AskAgain = rapid.SampledFrom([]cancellation.AskAgain{"", cancellation.AskAgainChanged, cancellation.AskAgainStale, cancellation.AskAgainUnlisted}).Draw(t, "askAgain")
	r.ClosedElsewhere, r.Partial = rapid.Bool().Draw(t, "elsewhere"), rapid.Bool().Draw(t, "partial")
	r.Meeting.Invited, r.Meeting.InvitedKnown = rapid.IntRange(0, 2000).Draw(t, "invited"), rapid.Bool().Draw(t, "invited known")
	r.Meeting.Notifies = rapid.SampledFrom([]string{"", "yes", "no"}).Draw(t, "notifies")
	if rapid.Bool().Draw(t, "wait") {
		r.WaitUntil = sample.Noon.Add(time.Minute)
	}
	r.Owner.Result = rapid.SampledFrom([]cancellation.NoticeResult{"", cancellation.NoticeSent, cancellation.NoticeRefused}).Draw(t, "owner")
	r.Scope = rapid.SampledFrom([]cancellation.Scope{r.Scope, cancellation.Series, cancellation.Occurrence, cancellation.Undecided}).Draw(t, "scope")
	if r.Meeting.Recurring {
		for i := range rapid.IntRange(0, 150).Draw(t, "dates") {
			o := cancellation.OccurrenceRef{ID: "more" + strings.Repeat("x", i), Start: sample.Noon.Add(time.Duration(i) * time.Hour)}
			r.Meeting.Occurrences = append(r.Meeting.Occurrences, o)
			r.Chosen = append(r.Chosen, o.ID)
		}
	}
	return r
}

func TestHostile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, isAccepted(t))
}

// FuzzHostile lets the fuzzer choose the values that rapid draws in [TestHostile].
func FuzzHostile(f *testing.F) { f.Fuzz(rapid.MakeFuzz(isAccepted(f))) }

// isAccepted is the property that Slack accepts every view with external text, and shows the
// text as text.
func isAccepted(tb testing.TB) func(*rapid.T) {
	views := map[string]*view.Renderer{}
	for _, locale := range words.Languages() {
		views[locale] = newRenderer(tb, locale)
	}
	return func(t *rapid.T) {
		locale := rapid.SampledFrom(words.Languages()).Draw(t, "locale")
		v := *views[locale]
		v.Minimal = rapid.Bool().Draw(t, "minimal")
		v.Second = rapid.SampledFrom([]cancellation.SecondPerson{cancellation.SecondNever, cancellation.SecondEnd, cancellation.SecondSeries, cancellation.SecondAlways}).Draw(t, "second")
		r, text := hostileRequest(t), hostile()
		check := func(name string, view any) { checkView(t, name, r.ID, view) }
		check("Card", v.Card(r, sample.Noon))
		check("ThreadReply", v.ThreadReply(r))
		check("OwnerNotice", notice.Owner(v.Person(locale), r, text.Draw(t, "link")))
		check("AskerNotice", notice.Asker(v.Person(locale), r, text.Draw(t, "link")))
		check("ReasonModal", modal.Reason(v.Person(locale), r))
		check("History", list.History(v.Person(locale), slices.Repeat([]cancellation.Request{r}, 20)))
		check("Answer", answer.Draw(v.Person(locale), answer.Answer{
			Kind: rapid.SampledFrom(answer.Kinds()).Draw(t, "kind"), Request: r, Who: text.Draw(t, "who"), Users: []string{text.Draw(t, "user")},
			Groups: []string{text.Draw(t, "group")}, Channels: []string{text.Draw(t, "channel")}, Class: text.Draw(t, "class"),
			Wait: time.Duration(rapid.Int64().Draw(t, "wait")), Reference: text.Draw(t, "reference"), Link: text.Draw(t, "link"), Line: text.Draw(t, "line"),
		}))
		check("Fault", help.Fault(v.Person(locale), &command.Fault{
			Kind: command.Kind(rapid.IntRange(-1, 20).Draw(t, "fault")), Part: text.Draw(t, "part"), Corrected: text.Draw(t, "line"),
			Numbers: []string{text.Draw(t, "number"), "914087436"},
		}))
		for i := range r.Choices {
			r.Choices[i].Subject = text.Draw(t, "subject")
		}
		r.Choices = slices.Repeat([]cancellation.Choice{{Subject: text.Draw(t, "subject"), Number: text.Draw(t, "number"), Owner: text.Draw(t, "owner"), Start: sample.Noon}}, 20)
		check("Chooser", list.Chooser(v.Person(locale), r))
		check("List", list.Meetings(v.Person(locale), r.Choices, 3, rapid.Bool().Draw(t, "partial")))
	}
}

func TestEscapeKeepsLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, limit := hostile().Draw(t, "s"), rapid.IntRange(1, 400).Draw(t, "limit")
		for name, got := range map[string]string{"Escape": block.Escape(s, limit), "Verbatim": block.Verbatim(s, limit), "Plain": block.Plain(s, limit)} {
			if n := utf8.RuneCountInString(got); n > limit || !utf8.ValidString(got) || strings.ContainsAny(got, "\n\r") {
				t.Fatalf("%s(%q, %d) = %q, %d characters", name, s, limit, got, n)
			}
		}
	})
}
