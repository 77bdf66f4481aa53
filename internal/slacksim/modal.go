package slacksim

type modal struct{}
type wireView struct{}
