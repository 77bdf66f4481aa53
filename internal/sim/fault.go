package sim

import (
	"strconv"
	"sync/atomic"
	"time"
)

// What can happen to a call or a statement.
const (
	slow       = "is slow"
	hangs      = "hangs and has no effect"
	lost       = "is cut off before it takes effect"
	hangsAfter = "takes effect and gets no response"
	lostAfter  = "takes effect and is cut off before the response"
	late       = "takes effect after it was given up"
	refused    = "is refused" // by a database
	omitted    = "responds without an optional field"
	half       = "takes effect and its response breaks off"

	failsAfter  = "takes effect and responds that it failed"
	gateway     = "takes effect and a gateway responds 504"
	gatewayLate = "takes effect after a gateway responded 504"
	full        = "is full" // a database that can be read but not written
	readOnly    = "accepts no writes"
)

// Temporary refusals, by what they look like.
const (
	status401  = "401"
	status403  = "403"
	status423  = "423"
	status403p = "403 with a page"
	status429  = "429"
	wait429    = "429 with Retry-After"
	status500  = "500"
	status503p = "503 with a page"
	status200p = "200 with a page"
	noAuth     = "invalid_auth"
	noScope    = "missing_scope"
	internal   = "internal_error"
)

// A fault makes some calls or statements of one kind go wrong for a while.
type fault struct {
	name        string // of the event
	where       string // db, meeting or slack
	place       string // which calls or statements; all if empty
	how         string
	from, to    time.Time
	probability float64
	sure        bool // no randomness: it strikes every time
	times       int  // but at most this often, if not zero
	delay       time.Duration
	blinds      string      // a field that the meeting service omits once this has struck
	slot        *slot       // of the only process that it hits; nil: of any
	held        atomic.Bool // not active yet; see activateHeld
	struck      int
	then        func(meeting string) // what follows the first strike
	began       atomic.Bool          // it has followed
}

const (
	maxFaults = 9         // faults that a schedule may have
	ofProcess = "process" // the kind of faults that hit the process itself
)

// drawFaults draws the faults of a schedule and schedules them.
func (w *world) drawFaults() {
	for i := range maxFaults {
		name := "luck/" + strconv.Itoa(i)
		if !w.chance.happens(name, 0.45) {
			continue
		}
		where := pickWeighted(w.chance, name+"/where", swarm(w.chance, "where", []weighted[string]{
			{8, "db"}, {9, "meeting"}, {9, "slack"}, {9, ofProcess}, {4, "network"}, {2, "clock"},
		}, 0.5))
		at := w.when(name)
		switch where {
		case ofProcess:
			w.processFault(name, at)
		case "network":
			w.networkFault(name, at)
		case "clock":
			w.clockFault(name, at)
		default:
			w.callFault(name, where, at)
		}
	}
	if w.chance.happens("omits", 0.15) {
		w.omits = pick(w.chance, "omits/field", optional...)
		if w.chance.happens("omits/later", 0.5) {
			w.omitsFrom = w.when("omits/when")
		}
		w.chance.note("the meeting service omits %s from %s on", w.omits, w.clock(w.began.Add(w.omitsFrom)))
		w.count("not told " + w.omits)
	}
	if w.chance.happens("place", 0.1) {
		w.placeFault()
	}
	if w.chance.happens("right", 0.1) {
		w.rightsFault()
	}
	if w.chance.happens("config", 0.1) {
		w.configFault()
	}
	if w.chance.happens("keep", 0.08) {
		w.keepFault()
	}
	w.aimedFaults()
	if w.chance.happens("duplicates", 0.2) {
		w.duplicates = true
		w.slack.SetDuplicate(true)
		if w.chance.happens("duplicates/fresh", 0.5) {
			w.fresh = true
			w.slack.SetFreshEnvelopes(true)
		}
	}
}

// when draws when a fault begins: at any time, or close to a command, the first button, the
// end of its undo window, or the end of the question.
func (w *world) when(name string) time.Duration {
	if w.chance.unit(name+"/near") < 0.35 {
		return w.chance.between(name+"/at", time.Second, w.horizon)
	}
	ask := "ask/" + strconv.Itoa(w.chance.number(name+"/ask", 2))
	at := w.askedAt(ask)
	pressed := at + w.chance.between(ask+"/first/in", firstFrom, firstTo)
	switch about := w.chance.unit(name + "/about"); {
	case about < 0.3:
	case about < 0.6:
		at = pressed
	case about < 0.85 || w.config.ConfirmTTL > w.horizon:
		at = pressed + w.config.UndoWindow
	default:
		at += w.config.ConfirmTTL
	}
	return max(time.Second/2, at+w.chance.between(name+"/at", -200*time.Millisecond, 1500*time.Millisecond))
}

// When the first button is pressed, counted from the command.
const (
	firstFrom = 500 * time.Millisecond
	firstTo   = 12 * time.Second
)

// askedAt returns when a command is typed.
func (w *world) askedAt(name string) time.Duration {
	return w.chance.between(name+"/at", 500*time.Millisecond, w.horizon/2)
}

// callFault draws a fault of calls or statements.
func (w *world) callFault(name, where string, at time.Duration) {
	l := &fault{name: name, where: where}
	l.place = pickWeighted(w.chance, name+"/place", swarm(w.chance, "place/"+where, places[where], 0.4))
	l.how = pickWeighted(w.chance, name+"/how", swarm(w.chance, "how/"+where, hows[where], 0.4))
	length := pickWeighted(w.chance, name+"/length", []weighted[[2]time.Duration]{
		{4, [2]time.Duration{100 * time.Millisecond, 3 * time.Second}},
		{4, [2]time.Duration{3 * time.Second, 20 * time.Second}},
		{1, [2]time.Duration{20 * time.Second, 75 * time.Second}},
	})
	l.probability = pick(w.chance, name+"/probability", 1, 0.6, 0.3)
	long := min(w.horizon, w.chance.between(name+"/for", length[0], length[1]))
	l.from = w.began.Add(at - time.Duration(w.chance.unit(name+"/before")*float64(long)))
	l.to = l.from.Add(long)
	switch l.how {
	case slow:
		l.delay = w.chance.between(name+"/delay", 50*time.Millisecond, 12*time.Second)
	case late, gatewayLate:
		l.delay = w.chance.between(name+"/delay", time.Millisecond, 8*time.Second)
	case wait429:
		l.delay = pick(w.chance, name+"/delay", time.Second, 5*time.Second, 20*time.Second, min(w.horizon, 75*time.Second))
	}
	w.faults = append(w.faults, l)
	w.troubleUntil(l.to)
	w.chance.note("%s: from %s to %s, every %s %s %s (%.0f %%)", name, w.clock(l.from), w.clock(l.to), where, l.place, l.how, 100*l.probability)
	w.count(where + " " + l.how)
}

// faultFor returns the fault that hits a call or a statement, if any. It comes from a slot, if that
// is known.
func (w *world) faultFor(where, place string, from *slot) (*fault, bool) {
	now := time.Now()
	for _, l := range w.faults {
		if l.slot != nil && l.slot != from || l.held.Load() || l.where != where || now.Before(l.from) || !now.Before(l.to) || !l.appliesTo(place) {
			continue
		}
		if l.usedUp(w) {
			continue
		}
		if l.sure || w.chance.happens(w.chance.next(l.name+"/"+place), l.probability) {
			w.count(where + " " + l.how + " struck")
			w.struck.Add(1)
			w.startOmitting(l)
			if place == "views.publish" {
				w.count("views.publish struck")
			}
			return l, true
		}
	}
	return nil, false
}

// usedUp counts a strike and reports whether the fault has already struck its maximum.
func (l *fault) usedUp(w *world) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if l.times == 0 {
		return false
	}
	l.struck++
	return l.struck > l.times
}

// places are the calls and statements that faults can apply to.
var places = map[string][]weighted[string]{
	"db": {
		{4, ""},
		{5, "COMMIT"},
		{2, "BEGIN"},
		{2, "UPDATE request"},
		{1, "INSERT request"},
		{1, "INSERT envelope"},
		{2, "DELETE job"},
		{2, "UPDATE job"},
		{1, "WITH"},
		{1, "SELECT"},
		{1, "INSERT audit"},
		{1, "UPDATE envelope"},
	},
	"meeting": {{3, ""}, {4, "detail"}, {8, "cancel"}, {1, "list"}, {2, "login"}, {1, "user"}},
	"slack": {
		{4, ""},
		{6, "chat.postMessage"},
		{6, "chat.update"},
		{2, "chat.postEphemeral"},
		{3, "response_url"},
		{2, "users.info"},
		{1, "apps.connections.open"},
		{1, "users.lookupByEmail"},
		{1, "conversations.open"},
		{1, "conversations.history"},
		{1, "auth.test"},
	},
}

// hows are the ways in which they can fail.
var hows = map[string][]weighted[string]{
	"db": {{4, refused}, {2, hangs}, {4, lostAfter}, {1, slow}},
	"meeting": {
		{2, slow},
		{2, hangs},
		{2, lost},
		{3, hangsAfter},
		{4, lostAfter},
		{4, late},
		{1, status401},
		{1, status403},
		{1, status429},
		{2, wait429},
		{1, status500},
		{1, status503p},
		{2, status200p},
		{2, half},
		{2, omitted},
		{2, failsAfter},
		{2, gateway},
		{3, gatewayLate},
	},
	"slack": {
		{2, slow},
		{2, hangs},
		{2, lost},
		{3, hangsAfter},
		{3, lostAfter},
		{6, late},
		{1, noAuth},
		{1, noScope},
		{1, internal},
		{1, status403p},
		{1, status429},
		{2, wait429},
		{1, status503p},
		{2, status200p},
		{2, half},
		{2, failsAfter},
		{2, gateway},
		{3, gatewayLate},
	},
}
