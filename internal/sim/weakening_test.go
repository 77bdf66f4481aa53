package sim

// A weakening is a change to the product that breaks one of its promises. It is made in a copy
// of one file that the compiler reads instead of the original (-overlay), so the product needs
// no hook for it.
type weakening struct {
	name     string
	below    string     // the directory below which old is found, in any file
	old, new string     // the only occurrence, and its replacement
	and      *weakening // another change, if each of the two places protects what the other does
}

var weakenings = []weakening{
	{
		"a call that was not answered is repeated at once", "handlers",
		"		return c.unanswered(ctx, err)\n", "		return c.begin(ctx)\n", nil,
	},
	{
		"a call that was not answered counts as failed", "handlers",
		"		return c.unanswered(ctx, err)\n", "		return c.finish(ctx, cancellation.Failed, err)\n", nil,
	},
	{
		"a call that was not answered counts as successful", "handlers",
		"		return c.unanswered(ctx, err)\n", "		return c.finish(ctx, outcome.Success(c.R.Request), nil)\n", nil,
	},
	{
		"what an unanswered call has removed counts as gone before", "handlers",
		"	return Verdict{Settled: true, Outcome: Success(r)}, nil\n", "	return Verdict{Settled: true, Outcome: cancellation.Gone}, nil\n", nil,
	},
	{
		"a call that a dead process began counts as none", "handlers",
		"		return c.Done(ctx, []jobs.Job{{Step: step.SettleStep, Subject: c.Subject}}, nil)\n", "		_ = jobs.Job{}\n		return c.checkAndBegin(ctx)\n", nil,
	},
	{
		"a lease runs out under its run", "internal/jobs",
		"	}, tx.Now().UnixMilli(), s, n, tx.Now().Add(LeaseDuration).UnixMilli())\n", "	}, tx.Now().UnixMilli(), s, n, tx.Now().Add(LeaseDuration/100).UnixMilli())\n", nil,
	},
	{
		"neither the lease nor the version of a request is checked", "internal/jobs",
		"	if n != 1 {\n		return ErrLeaseLost\n	}\n", "",
		&weakening{below: "internal/store", old: "` WHERE id = $1 AND version = $2`, args...)", new: "` WHERE id = $1 AND version <> $2 - 1000000`, args...)"},
	},
	{
		"a commit that fails counts as made", "internal/database",
		"	if err := w.d.commit(ctx, sqlTx); err != nil {\n", "	if err := w.d.commit(ctx, sqlTx); err != nil && ctx == nil {\n", nil,
	},
	{
		"what can't be stored is acked", "handlers",
		"	failpoint.Here(failpoint.EnvelopeStored)\n	return err\n", "	failpoint.Here(failpoint.EnvelopeStored)\n	return nil\n", nil,
	},
	{
		"earlier draws are forgotten", "handlers",
		"	at.Again = b.replaceableFor(d, r)\n", "	at.Again = 0 * b.replaceableFor(d, r)\n", nil,
	},
	{
		"draws of a process that has ended are forgotten", "handlers",
		"	if at := r.Drawing.SettledAt(b.self); !at.IsZero() {\n", "	if at := r.Drawing.SettledAt(b.self); at.IsZero() {\n", nil,
	},
	{
		"a card that can't be drawn counts as drawn", "handlers",
		"	case !bot.Permanent(err):\n		return err\n	case p.R.State == cancellation.Asked", "	case !bot.Permanent(err):\n		return nil\n	case p.R.State == cancellation.Asked", nil,
	},
	{
		"an Undo is judged by when it is worked on", "handlers",
		"		if !outcome.CanStop(r.Request) {\n", "		if !outcome.CanStop(r.Request) || tx.Now().After(r.UndoUntil) {\n", nil,
	},
	{
		"an Undo during the call is forgotten", "handlers",
		"		r.StoppedBy = cmp.Or(r.StoppedBy, by)\n", "		_ = cmp.Or(r.StoppedBy, by)\n", nil,
	},
	{
		"an Undo that is stored is not looked for", "handlers",
		"	if err == nil && pending {\n		return &jobs.Later{Err: errUndoStored, After: after}\n", "	if err == nil && pending && ctx == nil {\n		return &jobs.Later{Err: errUndoStored, After: after}\n", nil,
	},
	{
		"a click is judged by when it is worked on", "handlers",
		"return late(c.R.Request, c.In.At) }", "return late(c.R.Request, c.Store.Now()) }", nil,
	},
	{
		"a click that waits does not keep a question open", "handlers",
		"	if err != nil || pending {\n		return err\n	}\n", "	if err != nil || pending && ctx == nil {\n		return err\n	}\n", nil,
	},
	{
		"an old confirmation is used", "internal/cancellation",
		"	return !from.IsZero() && now.After(from.Add(ttl))\n", "	return !from.IsZero() && now.After(from.Add(1000*ttl))\n", nil,
	},
	{
		"the meeting is not compared with what the card showed", "internal/cancellation",
		"	return m.ID == now.ID && m.sameSession(now) &&\n", "	return m.ID == now.ID || m.sameSession(now) &&\n", nil,
	},
	{
		"a date that was moved counts as the same", "internal/cancellation",
		"bool { return a.ID == b.ID && a.Start.Equal(b.Start) })\n", "bool { return a.ID == b.ID })\n", nil,
	},
	{
		"dates that are left out count as none", "handlers",
		"	f.DatesKnown = known\n", "	f.DatesKnown = true || known\n", nil,
	},
	{
		"a step that fails is over", "internal/jobs",
		"	if err == nil && !r.ended.Load() {\n", "	if _, later := errors.AsType[*Later](err); !later && !r.ended.Load() {\n", nil,
	},
	{
		"a request is saved over a later version", "internal/store",
		"` WHERE id = $1 AND version = $2`, args...)", "` WHERE id = $1 AND version <> $2 - 1000000`, args...)", nil,
	},
	{
		"anyone may confirm", "handlers",
		"	return Nobody, owner, listErr != nil, err\n", "	return Listed, owner, false, err\n", nil,
	},
	{
		"who asked may be the second person", "internal/cancellation",
		"	return s == SecondAlways || ", "	return ", nil,
	},
	{
		"an owner who can't be looked up is not found", "handlers",
		"	if err != nil && !meetingapi.IsUserUnknown(err) {\n		return ownerName{}, err\n	}\n",
		"	if err != nil && !meetingapi.IsUserUnknown(err) {\n		return ownerName{}, nil\n	}\n", nil,
	},
	{
		"a response_url is not forgotten", "internal/store",
		"SET handled_at = $2, body = '' WHERE", "SET handled_at = $2 WHERE", nil,
	},
	{
		"a call is not in the trail", "handlers",
		"	err = tx.Audit(ctx, step.Calling(c.R.Request))\n", "", nil,
	},
	{
		"a person who can't be answered now is given up", "handlers",
		"	if err != nil && !bot.Permanent(err) && v.Store.Now()", "	if err != nil && bot.Permanent(err) && v.Store.Now()", nil,
	},
	{
		"a draw is not fenced against those still open", "handlers",
		"		enough := len(open) == 0 || d.usesResponseURL(r)", "		enough := ctx != nil || d.usesResponseURL(r)", nil,
	},
	{
		"a draw that was given up counts as not made", "handlers",
		"	return err != nil && !errors.Is(err, bot.ErrNotSent) &&\n", "	return err != nil && errors.Is(err, bot.ErrNotSent) &&\n", nil,
	},
	{
		"a state that is left out counts as not started", "handlers",
		"StateKnown: m.State != meetingapi.StateUnknown,", "StateKnown: m.State != meetingapi.StateUnknown || true,", nil,
	},
	{
		"the asker of a question to the owner is not told", "internal/cancellation",
		"	return r.IsQuestion() && (r.State.Final()", "	return !r.IsQuestion() && (r.State.Final()", nil,
	},
	{
		"an end that the card can't show is told to nobody", "handlers",
		"	case showsEnd(p.R.Request):\n", "	case p.R.State.Final() && p.R.State == cancellation.Superseded:\n", nil,
	},
	{
		"a person who was invited is written to without a look", "handlers",
		"	if t.to.Begun() {\n", "	if t.to.Begun() && ctx == nil {\n", nil,
	},
	{
		"the owner of several is written to without a look", "handlers",
		"	if ref.IsZero() && p.Attempt > 0 {\n", "	if ref.IsZero() && p.Attempt > 1000 {\n", nil,
	},
	{
		"addresses of those invited are kept", "handlers",
		"		return errors.Join(err, tx.Invited.Forget(ctx, lists(t.R)...), tx.Audit(ctx, toldRow(t.R.Request, results)))\n	})\n}\n\n// count stores",
		"		return errors.Join(err, tx.Audit(ctx, toldRow(t.R.Request, results)))\n	})\n}\n\n// count stores", nil,
	},
	{
		"a duplicate counts although its first is lost", "internal/database",
		"	for _, c := range batch {\n		c.err = err\n", "	for _, c := range batch {\n		if c.err == nil {\n			c.err = err\n		}\n", nil,
	},
	{
		"a meeting that is still there was not cancelled, whatever is open", "handlers",
		"	return cancellation.CallOpen(r) && now.Before(", "	return r.Unanswered > 1000 && now.Before(", nil,
	},
	{
		"what changed while the outcome was unknown is called unchanged", "handlers",
		"	if !r.Meeting.SameAs(now) && !r.Meeting.Unlisted(now) {\n		return cancellation.WhyChanged\n", "	if now.ID == \"\" {\n		return cancellation.WhyChanged\n", nil,
	},
	{
		"what another card has removed counts as this one's", "handlers",
		"	if cancellation.RemovedBy(others, r, r.ConfirmedAt).ID != \"\" {\n		return Verdict{Settled", "	if cancellation.RemovedBy(others, r, r.ConfirmedAt).ID != \"\" && ctx == nil {\n		return Verdict{Settled", nil,
	},
	{
		"a token that Slack refuses is final", "bot",
		"	return isAny(e.class, ErrGone, ErrUneditable,", "	return isAny(e.class, ErrCredentials, ErrGone, ErrUneditable,", nil,
	},
	{
		"a Stop comes too late", "handlers",
		"	return r.State == cancellation.Confirmed || r.State == cancellation.Calling && !r.WaitUntil.IsZero()\n", "	return r.State == cancellation.Confirmed\n",
		&weakening{ // or else it is remembered until the wait is over
			"", "handlers", "		r.StoppedBy = cmp.Or(r.StoppedBy, by)\n", "		_ = cmp.Or(r.StoppedBy, by)\n", nil,
		},
	},
	{
		"the head of the chain outlives a commit that failed", "internal/database",
		"	if err := w.d.commit(ctx, sqlTx); err != nil {\n		w.carried = nil\n", "	if err := w.d.commit(ctx, sqlTx); err != nil {\n", nil,
	},
	{
		"a meeting that the service says is gone is gone", "handlers",
		"	if judging == nil && v == (outcome.Verdict{}) {\n", "	if judging == nil && v.Unclear {\n", nil,
	},
	{
		"a login to a locked account is repeated at once", "meetingapi",
		"		return max(lockedFor, e.RetryAfter)\n", "		return e.RetryAfter\n", nil,
	},
}
