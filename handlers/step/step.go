package step

import (
	"context"
	"log/slog"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/card"
	"meetingbot/handlers/view"
	"meetingbot/internal/background"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// The steps, as they are stored.
const (
	CommandStep jobs.Step = "command" // of an envelope
	ClickStep   jobs.Step = "click"   // of an envelope
	CancelStep  jobs.Step = "cancel"  // of a request
	SettleStep  jobs.Step = "settle"  // of a request
	ReportStep  jobs.Step = "report"  // of a request
	DrawStep    jobs.Step = "draw"    // of a request

	ManyStep         jobs.Step = "many"           // of a request about several meetings
	PartStep         jobs.Step = "part"           // of such a request, when a part is over
	MergeInvitedStep jobs.Step = "many_told"      // of such a request, when all parts are over: merges the lists of people invited
	GatherStep       jobs.Step = "gather_invited" // of a request
	TellInvitedStep  jobs.Step = "tell_invited"   // of a request
	WatchStep        jobs.Step = "watch"          // of a meeting

	DelegateStep       jobs.Step = "delegate"        // of an envelope
	DelegateNoticeStep jobs.Step = "delegate_notice" // of a delegation

	HomeStep      jobs.Step = "home"       // of a person: draws their Home
	HomeClickStep jobs.Step = "home_click" // of an envelope: a click there
)

// Time limits.
const (
	LookUpTime = 8 * time.Second // for finding a meeting or a person
	AnswerTime = 3 * time.Second // for one short call while a person is waiting

	// RightsTime is for asking who a person is and what they may do. Slack may let calls wait
	// for as long as they can.
	RightsTime = jobs.StepTimeout / 2

	// What a look-up leaves of its run, for telling the person that it failed. A direct message is
	// begun only with more time left, see [bot.Client].
	timeToTell    = 2 * time.Second
	timeToMessage = 4 * time.Second

	LongestWait = time.Minute // the longest Retry-After obeyed while the card says "Working…"
)

// LongestLag is how late a click made in time may reach us and still count: as long as
// Slack waits for its ack. A question is closed only that long after it expires.
//
// See https://docs.slack.dev/apis/events-api/using-socket-mode
const LongestLag = 3 * time.Second

// SettleFor is how long the bot keeps checking an unknown outcome. After that it checks only
// when a person clicks Check again.
const SettleFor = 24 * time.Hour

// Rules are the operator's decisions about questions; [access.Policy] has those about
// who may answer them.
type Rules struct {
	ConfirmTTL time.Duration
	UndoWindow time.Duration // zero is none
	PerMinute  int           // requests a person may make; zero is no limit
	ManyMax    int           // meetings that one card may cancel; 1 or less: no cards about several

	DelegationMax time.Duration // longest delegation an owner may give; zero is none
	TellInvited   cancellation.TellInvited
	Keep          time.Duration // how long names and subjects of finished requests are kept; zero is forever
}

// Slack is what steps need from Slack.
type Slack interface {
	Person(ctx context.Context, id bot.UserID) (bot.Person, error)
	PersonByEmail(ctx context.Context, email string) (bot.Person, error)
	CachedPerson(id bot.UserID) (bot.Person, bool)
	Respond(ctx context.Context, to bot.Secret, r bot.Response) error
	Ephemeral(ctx context.Context, channel bot.ChannelID, user bot.UserID, thread string, m bot.Message) error
	Update(ctx context.Context, ref bot.MessageRef, m bot.Message) error
	Permalink(ctx context.Context, ref bot.MessageRef) (string, error)
	OpenModal(ctx context.Context, triggerID string, m bot.Modal) error
	// PublishHome returns bot.ErrHashConflict if hash isn't that of the Home that the user is
	// looking at; an empty hash matches any.
	PublishHome(ctx context.Context, user bot.UserID, h bot.Home, hash string) error
}

// Meetings is what steps read from the meeting service. It has no method that changes a
// meeting.
type Meetings interface {
	Find(ctx context.Context, number string) ([]meetingapi.Meeting, error)
	Meeting(ctx context.Context, id meetingapi.ID) (meetingapi.Meeting, error)
	History(ctx context.Context, from, to time.Time, o meetingapi.ListOptions) (meetingapi.List, error)
	PeopleOnline(ctx context.Context, id meetingapi.ID) (meetingapi.Optional[int], error)
	Running(ctx context.Context, o meetingapi.ListOptions) (meetingapi.List, error)
	Upcoming(ctx context.Context, o meetingapi.ListOptions) (meetingapi.List, error)
	Users(ctx context.Context, uuids []string) (map[string]meetingapi.User, error)
	Invitees(ctx context.Context, id meetingapi.ID, most int) (meetingapi.InviteeList, error)
	// Budget is what is left of an operation's rate limit; known is false if the service hasn't said.
	Budget(op meetingapi.Operation) (b meetingapi.Budget, known bool)
}

// An Observer counts what happens, for metrics. Its fields may be nil.
type Observer struct {
	Command     func(result string)
	Question    func(outcome string)
	OwnerNotice func(result string)
	Delegation  func(event string) // the audit trail's word for it
	Home        func(result string)
	Invited     func(result string) // of telling one invited person
}

// Deps are what the steps share. All fields but Observe are required.
type Deps struct {
	Store    *store.Store
	Queue    *jobs.Queue
	Slack    Slack
	Meetings Meetings
	Board    *card.Board
	// Background runs readings started before they are needed.
	Background *background.Group
	Access     *access.Policy
	Owners     *access.Owners
	Views      *view.Renderer
	Rules      Rules
	Log        *slog.Logger
	Observe    Observer
}

// Logger returns a logger whose lines carry the request's id.
func (d *Deps) Logger(r cancellation.Request) *slog.Logger {
	return d.Log.With("request", r.ID, "meeting", r.Meeting.ID)
}

// ObserveMeetings counts the outcome of a card that tx closes, once for each meeting on it.
func (d *Deps) ObserveMeetings(tx *store.Tx, r cancellation.Request, outcome string) {
	n := 1
	if r.Batch != nil {
		n = len(r.Batch.Items)
	}
	for range n {
		ObserveAfter(tx, d.Observe.Question, outcome)
	}
}

// Observe calls f with what, unless f is nil.
func Observe(f func(string), what string) {
	if f != nil {
		f(what)
	}
}

// ObserveAfter is Observe once tx has committed, so that retries are counted once.
func ObserveAfter(tx *store.Tx, f func(string), what string) {
	tx.AfterCommit(func() { Observe(f, what) })
}

// Observing is ObserveAfter for a transaction that does nothing else.
func Observing(f func(string), what string) func(*store.Tx) error {
	return func(tx *store.Tx) error { ObserveAfter(tx, f, what); return nil }
}
