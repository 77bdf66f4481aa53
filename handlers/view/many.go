package view

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// How much of a card with several meetings to show. Slack allows 12,000 characters
// per message: twenty lines, a long reason and the meetings that can't be cancelled
// fit.
const (
	maxLine     = 80   // of a subject in a line
	maxLineName = 40   // of a name in a line
	maxSection  = 2800 // of the lines in one section
	shownLeft   = 10   // meetings that can't be cancelled which are listed
	shownSeries = 5    // series that are said to have all their dates on the card
)

// meetingInputs are the checkboxes of a card with several meetings.
func meetingInputs() []string { return []string{"pick_meetings", "pick_meetings_2"} }

// MaxMeetings is how many meetings a card has room for.
const MaxMeetings = 2 * maxTicks

// RevisionOf reads from a click's block_id which page of a card it was made on; -1 if
// it doesn't say.
func RevisionOf(blockID string) int {
	page, _, _ := strings.Cut(strings.TrimPrefix(blockID, pagePrefix), ":")
	n, err := strconv.Atoi(page)
	if err != nil || !strings.HasPrefix(blockID, pagePrefix) {
		return -1
	}
	return n
}

const pagePrefix = "page:"

// pageID is a block's id, different on every page, so that ticks on an earlier page
// are not carried over.
func pageID(of cancellation.ID, revision int, block string) string {
	return pagePrefix + strconv.Itoa(revision) + ":" + block + ":" + string(of)
}

// severalCard is the whole card with several meetings at the time now.
func (p page) severalCard(r cancellation.Request, now time.Time) bot.Message {
	switch r.State {
	case cancellation.Received:
		text := p.say("received.text", vars{"What": p.what(r)})
		return bot.Message{Text: text, Blocks: stack(section(text))}
	case cancellation.Asked:
		if r.Batch.Review {
			return p.reviewed(r)
		}
		return p.offered(r)
	case cancellation.Confirmed:
		return p.severalUndoable(r, now)
	case cancellation.Calling:
		return p.severalWorking(r, now)
	case cancellation.Done, cancellation.Declined, cancellation.Expired, cancellation.Superseded:
	}
	return p.severalFinal(r)
}

// offered is the first page: what can be ticked, and what can't be cancelled.
func (p page) offered(r cancellation.Request) bot.Message {
	b, title := r.Batch, p.say("many.title", nil)
	intro := join("\n", p.anew(r), flow(p.asksAbout(r), p.say("many.first", nil)), p.aboutRunning(r), p.aboutSeries(b))
	blocks := stack(header(title), section(intro), section("*"+p.say("many.pick", nil)+"*"))
	for i, input := range meetingInputs() {
		if first := i * maxTicks; first < len(b.Items) {
			group := p.meetingBoxes(b, input, first)
			blocks = append(blocks, slack.NewActionBlock(pageID(r.ID, r.Batch.Revision, input), group))
		}
	}
	blocks = append(blocks, p.cutNote(b), p.leftOut(b), p.moreNote(b), p.reason(r))
	addReason := "button.reason"
	if r.Reason != "" {
		addReason = "button.reason_change"
	}
	blocks = append(blocks, slack.NewActionBlock(pageID(r.ID, r.Batch.Revision, "answer"),
		button(r.ID, ActionReview, p.say("many.button_review", nil)).WithStyle(slack.StylePrimary),
		button(r.ID, ActionKeep, p.say("many.button_keep", nil)), button(r.ID, ActionAddReason, p.say(addReason, nil)),
	), small(p.askedBy(r), p.expires(r), p.severalSecond(r, offeredItems(b))))
	aloud := p.spoken()
	return bot.Message{
		Text:   join("\n", title, aloud.asksAbout(r), aloud.linesBriefly(b, offeredItems(b))),
		Blocks: stack(blocks...),
	}
}

func offeredItems(b *cancellation.Batch) []int {
	all := make([]int, len(b.Items))
	for i := range all {
		all[i] = i
	}
	return all
}

// asksAbout says who asks about how many meetings, and for which days.
func (p page) asksAbout(r cancellation.Request) string {
	b := r.Batch
	v := vars{"Who": p.who(r.Asker), "Days": foreign(b.Days, maxNumber), "Whose": p.who(r.Asker)}
	if b.Whose != "" {
		v["Whose"] = p.whose(b)
	}
	switch {
	case b.Days == "":
		return p.count("many.numbers", len(b.Items), v)
	case p.bare || v["Whose"] == "":
		return p.count("many.days_bare", len(b.Items), v)
	}
	return p.count("many.days", len(b.Items), v)
}

// whose names the person whose meetings are on the card: as a mention or, if they are
// not in Slack, by the meetings' owner name.
func (p page) whose(b *cancellation.Batch) string {
	if isID(b.Whose, "UW") {
		return mention(b.Whose)
	}
	for _, m := range b.Meetings {
		if m.OwnerName != "" {
			return foreign(m.OwnerName, maxName)
		}
	}
	return foreign(b.Whose, maxName)
}

// aboutRunning says what a tick means if people are, or may be, in a meeting.
func (p page) aboutRunning(r cancellation.Request) string {
	running, text := 0, ""
	for _, it := range r.Batch.Items {
		if it.Running {
			running++
		}
	}
	if running > 0 {
		text = p.count("many.running", running, nil)
	}
	return join("\n", text, p.aboutUnknown(r.Batch, r.End))
}

// aboutUnknown says what becomes of those items that may have started.
func (p page) aboutUnknown(b *cancellation.Batch, end bool) string {
	unknown := 0
	for _, it := range b.Items {
		if !it.Running && !b.Meetings[it.Meeting].StateKnown && it.Date.ID == "" {
			unknown++
		}
	}
	switch {
	case unknown == 0:
		return ""
	case end:
		return p.count("many.state_unknown_end", unknown, nil)
	}
	return p.count("many.state_unknown", unknown, nil)
}

// aboutSeries says that dates are cancelled and not the series, and names series with
// all their dates on the card.
func (p page) aboutSeries(b *cancellation.Batch) string {
	var texts []string
	whole := 0
	for i, m := range b.Meetings {
		var dates []string
		for _, it := range b.Items {
			if it.Meeting == i && it.Date.ID != "" {
				dates = append(dates, it.Date.ID)
			}
		}
		if len(dates) > 0 && len(texts) == 0 {
			texts = append(texts, p.say("many.dates_only", nil))
		}
		if len(dates) == 0 || !m.Remaining(dates) {
			continue
		}
		if whole++; whole <= shownSeries {
			short := m
			short.Subject = cutLine(m.Subject)
			texts = append(texts, sentence(p.count("many.dates_all", len(dates), vars{"What": p.what(cancellation.Request{Meeting: short})})))
		}
	}
	if more := whole - shownSeries; more > 0 {
		texts = append(texts, p.count("many.left_more", more, nil))
	}
	return join("\n", texts...)
}

// cutLine cuts a text before it is made harmless.
func cutLine(s string) string { return plain(s, maxLine) }

// meetingBoxes are one element's share of the items, starting with the first. An
// option's value is its position.
func (p page) meetingBoxes(b *cancellation.Batch, input string, first int) *slack.CheckboxGroupsBlockElement {
	group := slack.NewCheckboxGroupsBlockElement(input)
	for i := first; i < min(first+maxTicks, len(b.Items)); i++ {
		it := b.Items[i]
		option := slack.NewOptionBlockObject(strconv.Itoa(i), marked(p.tick(b.Start(it))), unmarked(p.boxNote(b, it), maxLabel))
		group.Options = append(group.Options, option)
		if it.Ticked {
			group.InitialOptions = append(group.InitialOptions, option)
		}
	}
	return group
}

// boxNote says which meeting a box is for. The mark of a running one comes first and
// is never cut.
func (p page) boxNote(b *cancellation.Batch, it cancellation.Item) string {
	m := b.Meetings[it.Meeting]
	subject, owner := m.Subject, m.OwnerName
	if p.bare {
		subject, owner = grouped(numberIn(m)), ""
	}
	if subject == "" {
		subject = p.say("many.untitled", nil)
	}
	mark := ""
	if it.Running {
		mark = p.say("many.mark_running", nil)
	}
	left := maxLabel - utf8.RuneCountInString(join(" · ", mark, ""))
	if mark != "" {
		left -= 3
	}
	if owner = plain(owner, 20); owner != "" {
		left -= utf8.RuneCountInString(owner) + 3
	}
	return join(" · ", mark, plain(subject, left), owner)
}

func numberIn(m cancellation.Meeting) string { return numberOf(cancellation.Request{Meeting: m}) }

// cutNote says that names were cut, if any were.
func (p page) cutNote(b *cancellation.Batch) slack.Block {
	if !slices.ContainsFunc(b.Items, func(it cancellation.Item) bool { return strings.Contains(p.boxNote(b, it), "…") }) {
		return nil
	}
	return small(p.say("many.shortened", nil))
}
