package meetingsim_test

import (
	"fmt"
	"sync"
	"testing"

	"meetingbot/internal/meetingsim"
)

// TestManyAtOnce lets twenty clients cancel the same ten meetings while others read and
// control the service. Each meeting is cancelled once.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	r := admin(t)
	const meetings, clients = 10, 20
	for i := range meetings {
		r.sim.AddMeeting(meetingsim.Meeting{ID: fmt.Sprint(914000000 + i)})
	}
	statuses := make(chan int, meetings*clients)
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for i := range meetings {
				target := fmt.Sprintf("?conferenceID=%d", 914000000+i)
				r.do(t.Context(), "GET", conferences+"/confDetail"+target, "")
				statuses <- r.do(t.Context(), "DELETE", conferences+target, "").status
			}
		})
	}
	all.Go(func() {
		for range 50 {
			m := r.sim.AddMeeting(meetingsim.Meeting{Series: &meetingsim.Series{}})
			r.sim.Start(m.ID)
			r.sim.Change(m.ID, func(m *meetingsim.Meeting) { m.People++ })
			r.sim.Meetings()
			r.sim.Journal()
			r.sim.End(m.ID)
			r.sim.Forget(m.ID)
		}
	})
	all.Wait()
	close(statuses)
	count := map[int]int{}
	for status := range statuses {
		count[status]++
	}
	if want := meetings * (clients - 1); count[200] != meetings || count[400] != want {
		t.Errorf("statuses = %v, want %d × 200 and %d × 400", count, meetings, want)
	}
	if got := len(r.sim.Effects()); got != meetings {
		t.Errorf("Effects() has %d, want %d", got, meetings)
	}
	for i := range meetings {
		if id := fmt.Sprint(914000000 + i); r.sim.Cancelled(id) != 1 {
			t.Errorf("Cancelled(%s) = %d, want 1", id, r.sim.Cancelled(id))
		}
	}
}
