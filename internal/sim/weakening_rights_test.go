package sim

// Weakenings of rights, settings and KEEP.
var weakeningsOfRights = []weakening{
	{
		"rights are a minute old", "handlers",
		"		ctx = bot.FreshSince(ctx, time.Now().Add(-maxAge))\n", "		ctx = bot.FreshSince(ctx, time.Now().Add(-50*maxAge))\n", nil,
	},
	{
		"who may not confirm is told nothing", "handlers",
		"			return c.Say(ctx, offer)\n", "			_ = offer\n			return c.Done(ctx, nil, nil)\n", nil,
	},
	{
		"a delegation is taken back in the trail only", "handlers",
		"errors.Join(tx.Delegations.End(ctx, d.ID), tx.Audit(", "errors.Join(tx.Audit(", nil,
	},
	{
		"Remove is taken for a second click", "handlers",
		"	case !d.EndedAt.IsZero():\n		return v.Done(ctx, nil, nil)\n", "	case d.EndedAt.IsZero():\n		return v.Done(ctx, nil, nil)\n", nil,
	},
	{
		"a call begins although the delegation was taken back", "handlers",
		"	if err := c.checkDelegation(ctx, tx); err != nil {\n", "	if err := c.checkDelegation(ctx, tx); err != nil && ctx == nil {\n", nil,
	},
	{
		"the receiver isn't told that a delegation was taken back", "handlers",
		"	err = v.Done(ctx, []jobs.Job{notice}, func(", "	err = v.Done(ctx, []jobs.Job{notice}[:0], func(", nil,
	},
	{
		"a guest may confirm", "handlers",
		"	case who.Guest:\n		return Guest\n", "	case who.Guest:\n		return \"\"\n", nil,
	},
	{
		"a click counts in a channel that is no longer allowed", "handlers",
		"bool { return v == Keep || v == Undo }", "bool { return v == Keep || v == Undo || v == Confirm }", nil,
	},
	{
		"LEAD_TIME counts only when a meeting is asked about", "handlers",
		"		Owner:    {Allowed: true, LeadTime: true, SecondPerson: true},\n", "		Owner:    {Allowed: true, SecondPerson: true},\n", nil,
	},
	{
		"people of other organisations may do what the lists say", "handlers",
		"	case why == External, q.Place.isForeign(us):\n		return &answer.Answer{", "	case why == External, q.Place.isForeign(us):\n		return nil, nil\n	case why == \"\" && ctx == nil:\n		return &answer.Answer{", nil,
	},
	{
		"people of the organisation's other workspaces are strangers", "handlers",
		"	return us.Enterprise != \"\" && (p.Enterprise == us.Enterprise || string(p.Team) == us.Enterprise)\n", "	return us.Enterprise == \"\"\n", nil,
	},
	{
		"MANY_MAX counts only when the card is asked", "handlers",
		"len(b.Ticked()) > most {\n", "len(b.Ticked()) > most+1000 {\n", nil,
	},
	{
		"the owner is asked although that is turned off", "handlers",
		"	if !p.Questions {\n", "	if !p.Questions && ctx == nil {\n",
		&weakening{below: "handlers", old: "	if !c.Access.Questions {\n", new: "	if !c.Access.Questions && ctx == nil {\n"},
	},
	{
		"a request is blanked before it was reported", "internal/store",
		"AND closed_at < $1 AND NOT EXISTS (SELECT 1 FROM job WHERE subject = request.id OR request.parent <> '' AND subject = request.parent)", "AND closed_at < $1", nil,
	},
	{
		"the trail is not blanked", "internal/store",
		"SELECT seq FROM audit WHERE salt <> '' AND at < $1\n", "SELECT seq FROM audit WHERE salt <> '' AND at < $1 - 1000000000000\n", nil,
	},
	{
		"requests are not blanked", "internal/store",
		"WHERE blanked = 0 AND closed_at < $1 ", "WHERE blanked = 0 AND closed_at < $1 - 1000000000000 ", nil,
	},
}
