package crash

import "meetingbot/internal/failpoint"

// places returns where a request can die, in the order in which it gets there.
func places() []string {
	return []string{
		failpoint.EnvelopeStored, failpoint.BeforeAsked, failpoint.Asked, failpoint.CardPosted, failpoint.CardRecorded, failpoint.BeforeCall,
		failpoint.CallWritten, failpoint.Confirmed, failpoint.CallBegun, failpoint.CallAnswered, failpoint.Concluded, failpoint.FinalDrawn,
		failpoint.OwnerTold, failpoint.BeforeThread, failpoint.ThreadTold, failpoint.ReportUnrecorded,
	}
}

// placesOfMany returns where a request for several meetings can die once it is confirmed: its
// own places and those of each part.
func placesOfMany() []string {
	return []string{
		failpoint.PartsMade, failpoint.BeforeCall, failpoint.CallWritten, failpoint.CallBegun, failpoint.CallAnswered, failpoint.Concluded,
		failpoint.PartsEnded, failpoint.FinalDrawn, failpoint.OwnerTold, failpoint.ThreadTold,
	}
}

// placesOfHome returns where the program can die while a person opens Home, delegates and
// revokes the delegation, in that order.
func placesOfHome() []string {
	return []string{
		failpoint.HomeOpened, failpoint.HomeListed, failpoint.HomeShown,
		failpoint.DelegationStored, failpoint.DelegationTold, failpoint.DelegationRevoked,
	}
}
