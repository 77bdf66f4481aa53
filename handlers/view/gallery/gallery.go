package gallery

import (
	"reflect"
	"runtime"
	"slices"
	"strings"

	"meetingbot/handlers/view"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/card"
	"meetingbot/handlers/view/help"
	"meetingbot/handlers/view/hometab"
	"meetingbot/handlers/view/list"
	"meetingbot/handlers/view/modal"
	"meetingbot/handlers/view/notice"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/sample"
	"meetingbot/internal/cancellation"
)

// Draw draws everything that the bot can show for readers of a locale, by name. Each value is
// a bot.Message, a bot.Modal or a bot.Home. The people and meetings are invented.
func Draw(v *view.Renderer, locale string) map[string]any {
	all := map[string]any{}
	for _, s := range All() {
		switch drawn := s.Draw(v, locale).(type) {
		case map[string]any:
			for name, one := range drawn {
				all[s.Name+"_"+name] = one
			}
		default:
			all[s.Name] = drawn
		}
	}
	return all
}

// A View is one view of one state. Its Draw returns a bot.Message, a bot.Modal or a
// bot.Home, or a map of them by name.
type View struct {
	Name string
	ID   cancellation.ID // of the request that the view's buttons belong to
	Draw func(v *view.Renderer, locale string) any
}

// personal returns a view that one person reads.
func personal(name string, id cancellation.ID, draw func(page.Page) any) View {
	return View{name, id, func(v *view.Renderer, locale string) any { return draw(v.Person(locale)) }}
}

// cardOf returns the card of r, drawn with these settings.
func cardOf(name string, r cancellation.Request, settings ...func(*view.Renderer)) View {
	return View{"card_" + name, r.ID, func(v *view.Renderer, _ string) any { return with(v, settings).Card(r, sample.Noon) }}
}

// threadOf returns the reply in the thread of r, drawn with these settings.
func threadOf(name string, r cancellation.Request, settings ...func(*view.Renderer)) View {
	return View{"thread_" + name, r.ID, func(v *view.Renderer, _ string) any { return with(v, settings).ThreadReply(r) }}
}

// with returns v with some settings changed.
func with(v *view.Renderer, settings []func(*view.Renderer)) *view.Renderer {
	changed := *v
	for _, set := range settings {
		set(&changed)
	}
	return &changed
}

// minimal sets CARD_DETAILS=minimal.
func minimal(v *view.Renderer) { v.Minimal = true }

// second sets SECOND_PERSON.
func second(s cancellation.SecondPerson) func(*view.Renderer) {
	return func(v *view.Renderer) { v.Second = s }
}

// All returns every view.
func All() []View {
	return slices.Concat(cardSamples(), personalSamples(), delegationSamples(), homeSamples())
}

// drawers lists which function draws the views whose names have a prefix. The first match
// counts.
var drawers = []struct {
	prefix string
	draw   any
}{
	{"card_many", batch.Draw},
	{"card_", card.Draw},
	{"thread_many", batch.Reply},
	{"thread_", notice.Thread},
	{"owner_many", batch.OwnerNotice},
	{"owner_", notice.Owner},
	{"asker_many", batch.Asker},
	{"asker_", notice.Asker},
	{"invited_", notice.Invited},
	{"question_notice_", notice.Question},
	{"question_thread_", notice.Thread},
	{"question_", card.Draw},
	{"delegation_given", notice.Given},
	{"delegation_", notice.Delegation},
	{"answers_", answer.Draw},
	{"classes_", notice.Thread},
	{"faults_", help.Fault},
	{"help_", help.Draw},
	{"chooser_", list.Chooser},
	{"list", list.Meetings},
	{"history", list.History},
	{"many_days_unknown", list.DaysUnknown},
	{"many_portions", batch.Portions},
	{"many_nothing_", batch.NothingOffered},
	{"home_failed", hometab.Failed},
	{"home_", hometab.Draw},
	{"modal_reason", modal.Reason},
	{"modal_ask_owner", modal.AskOwner},
	{"modal_delegate", modal.Delegate},
}

// File returns the file, relative to the root of the source, that draws the view with this
// name, or "".
func File(name string) string {
	const root = "handlers/view/"
	for _, d := range drawers {
		if strings.HasPrefix(name, d.prefix) {
			f := runtime.FuncForPC(reflect.ValueOf(d.draw).Pointer())
			file, _ := f.FileLine(f.Entry())
			if i := strings.LastIndex(file, root); i >= 0 {
				return file[i:]
			}
		}
	}
	return ""
}
