package meetingsim

import (
	"fmt"
	"time"
)

// AddCompany adds this many people and books this many meetings for them, an hour each, one
// a minute starting an hour from now. It is the large company in which a client must find one
// person's meetings without reading everyone's. People are p0@example.com and so on, numbers
// start at 920000000, and nothing is random.
func (s *Server) AddCompany(people, meetings int) {
	s.change(func() {
		owners := make([]*User, people)
		for i := range owners {
			owners[i] = &User{
				UUID: fmt.Sprintf("%032x", 0xc0ffee<<32+i), Account: fmt.Sprintf("p%d@corp", i), AdminType: adminNone,
				Name: fmt.Sprintf("Person %d", i), Email: fmt.Sprintf("p%d@example.com", i),
			}
		}
		s.users = append(s.users, owners...)
		begin := s.now().Truncate(time.Minute).Add(time.Hour)
		for i := range meetings {
			owner := owners[i%people]
			s.meetings = append(s.meetings, &booking{Meeting: s.fill(Meeting{
				ID: fmt.Sprint(920000000 + i), Subject: fmt.Sprintf("Meeting %d", i), OwnerUUID: owner.UUID, OwnerName: owner.Name,
				Start: begin.Add(time.Duration(i) * time.Minute),
			})})
		}
	})
}
