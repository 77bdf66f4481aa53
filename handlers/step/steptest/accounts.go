package steptest

import (
	"context"

	"meetingbot/meetingapi"
)

func (s *Service) Users(context.Context, []string) (map[string]meetingapi.User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Accounts, s.Unknown
}

func (s *Service) User(_ context.Context, uuid string) (meetingapi.User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Unknown != nil {
		return meetingapi.User{}, s.Unknown
	}
	u, ok := s.Accounts[uuid]
	if !ok {
		return u, Failure(meetingapi.ClassNotFound)
	}
	return u, nil
}

func (s *Service) UserByEmail(_ context.Context, address string) (meetingapi.User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []meetingapi.User
	for _, u := range s.Accounts {
		if u.Email == address {
			found = append(found, u)
		}
	}
	switch {
	case s.Unknown != nil && len(found) > 0:
		return meetingapi.User{}, s.Unknown
	case len(found) == 0:
		return meetingapi.User{}, Failure(meetingapi.ClassNotFound)
	case len(found) > 1:
		return meetingapi.User{}, Failure(meetingapi.ClassAmbiguous)
	}
	return found[0], nil
}
