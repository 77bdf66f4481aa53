package gallery

import (
	"reflect"
	"runtime"
	"strings"

	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/card"
	"meetingbot/handlers/view/help"
	"meetingbot/handlers/view/hometab"
	"meetingbot/handlers/view/list"
	"meetingbot/handlers/view/modal"
	"meetingbot/handlers/view/notice"
)

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
