// Package label recognises the words that say what the digits after them are: a meeting
// number, a password, a telephone number, or the id of something else.
package label

import (
	"slices"
	"strings"

	"meetingbot/internal/command/shape"
)

// A Class says what the digits after a label are.
type Class int

// The classes. The zero Class, None, is for digits without a label.
const (
	None    Class = iota
	Meeting       // a meeting number
	Secret        // a password
	Other         // a telephone number, a SIP address, the id of something else
	Unclear       // an id of an unknown thing: no better than digits without a label
)

// labels are the words for each class, folded: lower case, no accents. If several match,
// the longest wins. They are taken from Huawei's own invitations and common calendar mail.
var labels = [...]struct {
	class Class
	words []string
}{
	{Meeting, []string{
		"id", "meeting id", "meeting number", "meeting no", "meeting code", "conference id",
		"conference number", "conference no", "conf id", "confid", "room id", "room number",
		"vmr", "vmr id", "personal meeting id", "personal id",
		"id da reuniao", "numero da reuniao", "id de reuniao", "codigo da reuniao",
		"id da conferencia", "numero da conferencia", "id da sala",
		"id de la reunion", "id de reunion", "numero de la reunion", "numero de reunion",
		"id of the meeting", "id of meeting", "id of this meeting",
		"codigo de la reunion", "id de la conferencia", "id de conferencia", "id de la sala",
		"会议id", "会议 id", "会议号", "会议号码", "会议编号", "会议室id", "会议室 id", "会议室号", "个人会议id",
		"會議id", "會議 id", "會議號", "會議號碼", "會議室號",
	}},
	{Secret, []string{
		"password", "passcode", "pass code", "passwd", "pwd", "pin", "pin code", "access code",
		"security code", "host key", "host code", "code",
		"senha", "codigo de acesso", "codigo de seguranca", "contrasena", "clave",
		"codigo de acceso", "codigo de seguridad",
		"密码", "口令", "密碼", "密钥",
	}},
	{Other, []string{
		"phone", "phone number", "telephone", "tel", "mobile", "cell", "dial", "dial-in",
		"dial in", "fax", "whatsapp", "access number",
		"telefone", "celular", "ligue", "ligar", "discar", "numero de acesso",
		"telefono", "movil", "llame", "llamar", "marque", "marcar", "numero de acceso",
		"电话", "手机", "拨打", "接入号", "传真", "電話", "手機", "撥打",
		"sip", "h.323", "h323", "ip", "user id", "employee id", "case id", "ticket", "ticket id",
		"order", "order id", "invoice", "工号", "订单",
	}},
}

// At returns the class and length of the label at i in folded text, or None and 0.
func At(r []rune, i int) (Class, int) {
	if i > 0 && shape.IsLetter(r[i-1]) && shape.IsLetter(r[i]) {
		return None, 0
	}
	found, longest := None, 0
	for _, group := range labels {
		for _, word := range group.words {
			if n := shape.Word(r[i:], word); n > longest {
				found, longest = group.class, n
			}
		}
	}
	if longest == len("id") && found == Meeting {
		return idOf(r, i), longest
	}
	return found, longest
}

// articles are words that may precede a bare "id" without saying whose it is.
var articles = []string{
	"the", "a", "an", "this", "with", "by", "use", "using", "via", "and", "or", "your", "is", "enter", "type", "join", "cancel",
	"o", "com", "pelo", "e", "ou", "seu", "use", "entre", "el", "con", "por", "y", "su", "usa", "tu",
}

// otherThings are the words around a bare "id" that make it the id of something else.
// Any other word leaves that open.
var otherThings = []string{
	"customer", "client", "account", "user", "employee", "staff", "order", "case", "ticket", "invoice", "contract", "booking",
	"transaction", "tracking", "reference", "product", "device", "tax", "guest", "host", "tenant", "project", "request",
	"cliente", "conta", "usuario", "funcionario", "empregado", "pedido", "fatura", "contrato", "reserva", "protocolo", "chamado",
	"cuenta", "empleado", "factura", "solicitud",
	"客户", "用户", "账号", "账户", "订单", "员工", "工单", "合同", "项目", "设备", "產品", "产品", "客戶", "用戶", "訂單", "員工",
}

// idOf classifies the bare "id" at i. It is the meeting's unless a word before it
// ("Customer ID") or after it ("ID do cliente") says otherwise.
func idOf(r []rune, i int) Class {
	to := i
	for to > 0 && (r[to-1] == ' ' || r[to-1] == '-' || r[to-1] == '_') {
		to--
	}
	from := to
	for from > 0 && (shape.IsLetter(r[from-1]) || shape.IsIdeograph(r[from-1])) && to-from < longestWord {
		from--
	}
	before := string(r[from:to])
	after, owned := ownerAfter(r[i+len("id"):])
	isOwner := func(s string) bool { // in some scripts, no blank separates it from what precedes it
		return before == s || after == s || strings.HasSuffix(before, s) && shape.IsIdeograph([]rune(s)[0])
	}
	switch {
	case slices.ContainsFunc(otherThings, isOwner):
		return Other
	case owned, before != "" && !slices.Contains(articles, before):
		return Unclear
	}
	return Meeting
}

const longestWord = 20

// ownerAfter returns the word after an "of" or "for" at the start of r, and whether it
// owns the id: "ID for joining" has no owner.
func ownerAfter(r []rune) (word string, owns bool) {
	for _, link := range slices.Concat(owning, purposes) {
		if n := shape.Word(r, link); n > 0 {
			end := n
			for end < len(r) && shape.IsLetter(r[end]) && end-n < longestWord {
				end++
			}
			return string(r[n:end]), slices.Contains(owning, link)
		}
	}
	return "", false
}

// The words between an id and its owner or purpose. A longer one precedes its own prefix.
var (
	owning   = []string{" of the ", " of ", " do ", " da ", " de la ", " del ", " de "}
	purposes = []string{" for the ", " for ", " para o ", " para el "}
)
