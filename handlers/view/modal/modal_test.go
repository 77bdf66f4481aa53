package modal_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/modal"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

const quarter = 90 * 24 * time.Hour

func modals(locale string, r cancellation.Request) map[string]bot.Modal {
	p := viewtest.Page(locale)
	return map[string]bot.Modal{
		action.ModalReason: modal.Reason(p, r), action.ModalAskOwner: modal.AskOwner(p.Discreet(), r), action.ModalDelegate: modal.Delegate(p, r, quarter, "2026-12-31"),
	}
}

// TestModals: in every language a modal fits, has its own name and its request, and a label
// for each input.
func TestModals(t *testing.T) {
	t.Parallel()
	for _, locale := range words.Languages() {
		for id, m := range modals(locale, sample.Planned()) {
			if m.CallbackID != id || m.PrivateMetadata != string(sample.Planned().ID) {
				t.Errorf("%s in %s: callback %q, metadata %q", id, locale, m.CallbackID, m.PrivateMetadata)
			}
			for _, text := range []*slack.TextBlockObject{m.Title, m.Submit, m.Close} {
				if n := utf8.RuneCountInString(text.Text); n == 0 || n > 24 || strings.HasSuffix(text.Text, "…") {
					t.Errorf("%s in %s: %q has %d characters, want 1 to 24, uncut", id, locale, text.Text, n)
				}
			}
			said := viewtest.Text(m.Blocks.BlockSet)
			if code, twice := viewtest.FindCode(said), viewtest.Repeated(viewtest.Texts(m.Blocks.BlockSet)); code != "" || len(twice) > 0 {
				t.Errorf("%s in %s shows %q, repeats %q", id, locale, code, twice)
			}
		}
	}
}

// TestReason: an earlier reason can be edited, and the reason is as long as Slack allows.
func TestReason(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]string{
		"": "", "the *room* is <b>flooded</b> & cold": "the *room* is <b>flooded</b> & cold", strings.Repeat("長", 600): strings.Repeat("長", 499) + "…", "two\nlines\x00": "two lines",
	} {
		r := sample.Planned()
		r.Reason = reason
		input := inputOf(t, modal.Reason(viewtest.Page("en"), r))
		if input.InitialValue != want || input.MaxLength != command.MaxReason || !input.Multiline {
			t.Errorf("with the reason %.20q the modal begins with %.20q, at most %d", reason, input.InitialValue, input.MaxLength)
		}
	}
}

func inputOf(t *testing.T, m bot.Modal) *slack.PlainTextInputBlockElement {
	t.Helper()
	for _, b := range m.Blocks.BlockSet {
		if in, ok := b.(*slack.InputBlock); ok {
			if e, ok := in.Element.(*slack.PlainTextInputBlockElement); ok && in.BlockID == action.InputReason && e.ActionID == action.InputReason {
				return e
			}
		}
	}
	t.Fatalf("%s has no input for a reason", m.CallbackID)
	return nil
}

// TestAskOwner: a person who was refused sees the number and whose meeting it is, not its
// subject.
func TestAskOwner(t *testing.T) {
	t.Parallel()
	nameless := sample.Change(sample.Planned(), func(r *cancellation.Request) { r.Meeting.OwnerName = "" })
	hostile := sample.Change(sample.Planned(), func(r *cancellation.Request) { r.Meeting.OwnerName = "<!here> *x*" })
	typed := sample.Change(sample.Planned(), sample.Reasoned)
	for name, test := range map[string]struct {
		r    cancellation.Request
		want string
	}{
		"named":    {sample.Planned(), "You're asking about the meeting 914 087 436. Olga Nowak gets your question as a direct message and decides."},
		"nameless": {nameless, "Its owner gets your question"},
		"hostile":  {hostile, "&lt;!here&gt; ∗x∗ gets your question"},
		"series":   {sample.Recurring(), "You're asking about the series 914 087 436."},
	} {
		m := modal.AskOwner(viewtest.Page("en").Discreet(), test.r)
		all, err := json.Marshal(m.ModalViewRequest)
		if said := viewtest.Text(m.Blocks.BlockSet); err != nil || !strings.Contains(said, test.want) || strings.Contains(string(all), "Budget") || strings.Contains(string(all), "review") {
			t.Errorf("%s: %q, want %q and no subject", name, said, test.want)
		}
	}
	if got := inputOf(t, modal.AskOwner(viewtest.Page("en"), typed)); got.InitialValue != typed.Reason || got.MaxLength != command.MaxReason {
		t.Errorf("the typed reason is %q in the modal", got.InitialValue)
	}
}

// TestAskOwnerCutsReason: a stored reason that is too long for Slack is cut.
func TestAskOwnerCutsReason(t *testing.T) {
	t.Parallel()
	r := sample.Planned()
	r.Reason = strings.Repeat("long ", 200)
	if got := inputOf(t, modal.AskOwner(viewtest.Page("en"), r)); utf8.RuneCountInString(got.InitialValue) > got.MaxLength {
		t.Errorf("the modal begins with %d characters, but allows %d", utf8.RuneCountInString(got.InitialValue), got.MaxLength)
	}
}

// TestDelegate: the asker of a card is preselected, in Home nobody; the modal says how long a
// delegation may last.
func TestDelegate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		r       cancellation.Request
		longest time.Duration
		user    string
		says    string
	}{
		"on a card":    {sample.Planned(), quarter, sample.Ana, "At most 90 days from now."},
		"in Home":      {cancellation.Request{}, 36 * time.Hour, "", "At most 36 hours from now."},
		"not a person": {cancellation.Request{Asker: "C0OPS0001"}, 48 * time.Hour, "", "At most 2 days from now."},
	} {
		m := modal.Delegate(viewtest.Page("en"), test.r, test.longest, "2026-12-31")
		if said := viewtest.Text(m.Blocks.BlockSet); !strings.Contains(said, test.says) || m.PrivateMetadata != string(test.r.ID) {
			t.Errorf("%s: %q, want %q", name, said, test.says)
		}
		inputs := map[string]slack.BlockElement{}
		for _, b := range m.Blocks.BlockSet {
			if in, ok := b.(*slack.InputBlock); ok {
				inputs[in.BlockID] = in.Element
			}
		}
		who, ok1 := inputs[action.InputReceiver].(*slack.SelectBlockElement)
		until, ok2 := inputs[action.InputUntil].(*slack.DatePickerBlockElement)
		if !ok1 || !ok2 || who.InitialUser != test.user || who.ActionID != action.InputReceiver || until.InitialDate != "2026-12-31" || until.ActionID != action.InputUntil {
			t.Errorf("%s: preselected %+v until %+v, want %q", name, who, until, test.user)
		}
	}
}
