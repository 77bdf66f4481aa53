package sim

import (
	"fmt"
	"strconv"
	"time"

	"meetingbot/internal/meetingsim"
)

// schedulePeople books the meetings and schedules what people do.
func (w *world) schedulePeople() {
	n := 1 + w.chance.number("meetings", 3)
	for i := range n {
		w.book(i)
	}
	for i := range 3 {
		name := "ask/" + strconv.Itoa(i)
		if i > 0 && !w.chance.happens(name, 0.45) {
			continue
		}
		w.after(w.askedAt(name), func() { w.ask(name, n, w.drawAsker(name)) })
	}
	for i := range 3 {
		if name := "elsewhere/" + strconv.Itoa(i); w.chance.happens(name, 0.2) {
			w.after(w.chance.between(name+"/at", 3*time.Second, w.horizon), func() { w.changeElsewhere(name, n) })
		}
	}
	w.scheduleHomes()
	w.scheduleTyped(n)
	w.scheduleDelegation()
	for _, person := range everybody {
		for i := range 5 {
			if name := "turn/" + person + "/" + strconv.Itoa(i); w.chance.happens(name, 0.35) {
				w.after(w.chance.between(name+"/at", 4*time.Second, w.horizon), func() { w.pressSomething(name, person) })
			}
		}
	}
}

func (w *world) drawAsker(name string) string {
	return pickWeighted(w.chance, name+"/who", []weighted[string]{{4, ana}, {2, bob}, {3, carol}, {2, dave}})
}

func number(i int) string { return strconv.Itoa(914000001 + i) }

// book adds a meeting that Carol owns.
func (w *world) book(i int) {
	id, name := number(i), "meeting/"+strconv.Itoa(i)
	m := meetingsim.Meeting{
		ID: id, OwnerUUID: "uuid-carol", Start: w.began.Add(2 * time.Hour), Length: time.Hour,
		Subject: w.newSubject(id), Invitees: w.invitees(name), VMRID: w.roomOf(i),
	}
	if w.chance.unit(name+"/running") < 0.25 {
		m.State, m.Start = meetingsim.StateRunning, w.began.Add(-10*time.Minute)
		w.started[id] = m.Start
	}
	if w.chance.unit(name+"/series") < 0.3 {
		w.makeSeries(i, &m)
	}
	w.guests[id] = m.Invitees
	w.meetings.AddMeeting(m)
}

// bookOnce is book, unless the meeting is booked.
func (w *world) bookOnce(i int) {
	if _, booked := w.guests[number(i)]; !booked {
		w.book(i)
	}
}

// invitees draws who is invited to a meeting: no one, or some of the workspace's people and
// one person from outside it.
func (w *world) invitees(name string) (all []meetingsim.Invitee) {
	if w.chance.unit(name+"/invited") < 0.5 {
		return nil
	}
	for _, u := range people {
		if w.chance.unit(name+"/invited/"+u.ID) < 0.6 {
			all = append(all, meetingsim.Invitee{Name: u.RealName, Email: u.Email, UserUUID: "uuid-" + u.Name, Account: u.Name + "@corp"})
		}
	}
	return append(all, meetingsim.Invitee{Name: "Somebody", Email: "somebody@elsewhere.example", Type: "outside"})
}

// newSubject returns a new subject, by which the rules recognise this version of the
// meeting. It begins with the meeting's own digit; see [aboutMeetings].
func (w *world) newSubject(id string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files++ // the number only has to be unique
	v := fmt.Sprintf("Review %s-%d", id[len(id)-1:], w.files)
	w.versions[id] = v
	return v
}
