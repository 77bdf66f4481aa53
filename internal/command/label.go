package command

// A class says what the digits after a label are.
type class int

const (
	none    class = iota
	meeting       // a meeting number
	secret        // a password
	other         // a telephone number, a SIP address, somebody's id: not ours
)

// labels are the words that say what the digits after them are, as fold
// leaves them: lower case, no accents. Where several fit, the longest wins.
// The wording is that of Huawei's own invitations and of common calendar mail.
var labels = [...]struct {
	class class
	words []string
}{
	{meeting, []string{
		"id", "meeting id", "meeting number", "meeting no", "meeting code", "conference id",
		"conference number", "conference no", "conf id", "confid", "room id", "room number",
		"vmr", "vmr id", "personal meeting id", "personal id",
		"id da reuniao", "numero da reuniao", "id de reuniao", "codigo da reuniao",
		"id da conferencia", "numero da conferencia", "id da sala",
		"id de la reunion", "id de reunion", "numero de la reunion", "numero de reunion",
		"codigo de la reunion", "id de la conferencia", "id de conferencia", "id de la sala",
		"会议id", "会议 id", "会议号", "会议号码", "会议编号", "会议室id", "会议室 id", "会议室号", "个人会议id",
		"會議id", "會議 id", "會議號", "會議號碼", "會議室號",
	}},
	{secret, []string{
		"password", "passcode", "pass code", "passwd", "pwd", "pin", "pin code", "access code",
		"security code", "host key", "host code", "code",
		"senha", "codigo de acesso", "codigo de seguranca", "contrasena", "clave",
		"codigo de acceso", "codigo de seguridad",
		"密码", "口令", "密碼", "密钥",
	}},
	{other, []string{
		"phone", "phone number", "telephone", "tel", "mobile", "cell", "dial", "dial-in",
		"dial in", "fax", "whatsapp", "access number",
		"telefone", "celular", "ligue", "ligar", "discar", "numero de acesso",
		"telefono", "movil", "llame", "llamar", "marque", "marcar", "numero de acceso",
		"电话", "手机", "拨打", "接入号", "传真", "電話", "手機", "撥打",
		"sip", "h.323", "h323", "ip", "user id", "employee id", "case id", "ticket", "ticket id",
		"order", "order id", "invoice", "工号", "订单",
	}},
}

// labelAt returns the class and the length of the label that begins at i.
func labelAt(r []rune, i int) (class, int) {
	if i > 0 && isLetter(r[i-1]) && isLetter(r[i]) {
		return none, 0
	}
	found, longest := none, 0
	for _, group := range labels {
		for _, word := range group.words {
			if n := match(r[i:], word); n > longest {
				found, longest = group.class, n
			}
		}
	}
	return found, longest
}

// match returns the length of word if r begins with it as a whole word, else 0.
func match(r []rune, word string) int {
	n := 0
	for _, w := range word {
		if n >= len(r) || r[n] != w {
			return 0
		}
		n++
	}
	if n < len(r) && isLetter(r[n]) && isLetter(r[n-1]) {
		return 0
	}
	return n
}
