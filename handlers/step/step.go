package step

import (
	"context"
	"errors"
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

	ManyStep        jobs.Step = "many"           // of a request about several meetings
	PartStep        jobs.Step = "part"           // of one of which a part is over
	ManyReportStep  jobs.Step = "many_report"    // as ReportStep; only earlier versions enqueue it
	ManyToldStep    jobs.Step = "many_told"      // of one whose parts are over: those invited to them are brought together
	GatherStep      jobs.Step = "gather_invited" // of a request
	TellInvitedStep jobs.Step = "tell_invited"   // of a request
	WatchStep       jobs.Step = "watch"          // of a meeting

	LetStep       jobs.Step = "delegate"        // of an envelope
	LetNoticeStep jobs.Step = "delegate_notice" // of a delegation

	HomeStep      jobs.Step = "home"       // of a person: their Home is drawn
	HomeClickStep jobs.Step = "home_click" // of an envelope: what they have clicked there
)

// Times of one call or look-up.
const (
	LookUpTime = 8 * time.Second // for finding a meeting or a person
	AnswerTime = 3 * time.Second // for one short call that somebody waits for

	LongestWait = time.Minute // that the other side may ask for, and is obeyed while the card says "Working…"
)

// LongestLag is how much later than it was made a click may reach us and still count:
// as long as Slack waits for its ack. A question is only closed that long after it
// expires.
//
// See https://docs.slack.dev/apis/events-api/using-socket-mode
const LongestLag = 3 * time.Second

// LookFor is how long the bot keeps checking an unknown outcome. After that, it checks
// only when somebody asks.
const LookFor = 24 * time.Hour

// Rules are the operator's decisions about questions; [access.Policy] has those about
// who may answer them.
type Rules struct {
	ConfirmTTL time.Duration
	UndoWindow time.Duration // zero is none
	PerMinute  int           // requests a person may make; zero is no limit
	ManyMax    int           // meetings that one card may cancel; at most one: no cards with several

	DelegationMax time.Duration // longest time for which an owner may let somebody else cancel; zero is not at all
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
	DM(ctx context.Context, user bot.UserID, m bot.Message) (bot.MessageRef, error)
	DirectChannel(ctx context.Context, user bot.UserID) (bot.ChannelID, error)
	Update(ctx context.Context, ref bot.MessageRef, m bot.Message) error
	Permalink(ctx context.Context, ref bot.MessageRef) (string, error)
	OpenModal(ctx context.Context, triggerID string, m bot.Modal) error
	// PublishHome returns bot.ErrHashConflict if hash isn't that of the Home that the user is
	// looking at; an empty hash matches any.
	PublishHome(ctx context.Context, user bot.UserID, h bot.Home, hash string) error
}

// Meetings is what steps read from the meeting service. Nothing in it changes a
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

// An Observer is told what happens, for metrics. Its fields may be nil.
type Observer struct {
	Command     func(result string)
	Question    func(outcome string)
	OwnerNotice func(result string)
	Delegation  func(event string) // the audit trail's word for it
	Home        func(result string)
	Invited     func(result string) // what became of telling somebody invited
}

// Deps are what the steps share. All fields but Observe are required.
type Deps struct {
	Store    *store.Store
	Slack    Slack
	Meetings Meetings
	Board    *card.Board
	// Background is where readings begin before they are needed.
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

// ObserveMeetings counts how tx closes a card, once for each meeting on it.
func (d *Deps) ObserveMeetings(tx *store.Tx, r cancellation.Request, outcome string) {
	n := 1
	if r.Batch != nil {
		n = len(r.Batch.Items)
	}
	for range n {
		ObserveAfter(tx, d.Observe.Question, outcome)
	}
}

// Observe calls f with what has happened, unless f is nil.
func Observe(f func(string), what string) {
	if f != nil {
		f(what)
	}
}

// ObserveAfter is Observe once tx is committed: what has to be told or recorded again counts
// once.
func ObserveAfter(tx *store.Tx, f func(string), what string) {
	tx.AfterCommit(func() { Observe(f, what) })
}

// Change applies f to r and saves it over the version it was read at. If somebody else
// has changed the request since, f is applied to the stored version instead; f returns
// store.ErrConflict if that is no longer possible.
func Change(ctx context.Context, tx *store.Tx, r *store.Request, f func(*store.Request) error) error {
	mine := *r
	if err := f(&mine); err != nil {
		return err
	}
	err := tx.Requests.Save(ctx, &mine)
	if err == nil {
		*r = mine
		return nil
	}
	if !IsConflict(err) {
		return err
	}
	stored, err := tx.Requests.Get(ctx, r.ID)
	if err != nil {
		return err
	}
	if err := f(&stored); err != nil {
		return err
	}
	*r = stored
	return tx.Requests.Save(ctx, r)
}

// ChangeAsked is Change while the question is open: store.ErrConflict if it is not any more.
func ChangeAsked(ctx context.Context, tx *store.Tx, r *store.Request, f func(*store.Request) error) error {
	return Change(ctx, tx, r, func(r *store.Request) error {
		if r.State != cancellation.Asked {
			return store.ErrConflict
		}
		return f(r)
	})
}

// insistGap is the pause before something that was done outside is recorded again.
const insistGap = time.Second / 4

// Insist retries recording something that was done outside and that only this run knows
// about, for as long as the run has time: where a card is, how a call was answered.
// Without the record, a later run would post again, or have to look.
func Insist(ctx context.Context, record func() error) error {
	for {
		err := record()
		if err == nil || IsConflict(err) || errors.Is(err, jobs.ErrLeaseLost) {
			return err
		}
		pause := time.NewTimer(insistGap)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return err
		}
	}
}
