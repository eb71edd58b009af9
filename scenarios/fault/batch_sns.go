package fault

import (
	"bytes"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// publishes is PublishBatch: each entry is answered among Successful or Failed, by
// its Id.
// https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
type publishes struct {
	form    url.Values   // what is no entry
	entries []url.Values // members of each, without the prefix
}

const publishEntry = "PublishBatchRequestEntries.member."

func readPublishes(body []byte) (batch, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	p := publishes{form: url.Values{}}
	entries := map[int]url.Values{}
	for name, values := range form {
		number, member, _ := strings.Cut(strings.TrimPrefix(name, publishEntry), ".")
		n, err := strconv.Atoi(number)
		if err != nil || !strings.HasPrefix(name, publishEntry) {
			p.form[name] = values
			continue
		}
		if entries[n] == nil {
			entries[n] = url.Values{}
		}
		entries[n][member] = values
	}
	numbers := make([]int, 0, len(entries))
	for n := range entries {
		numbers = append(numbers, n)
	}
	sort.Ints(numbers)
	for _, n := range numbers {
		p.entries = append(p.entries, entries[n])
	}
	return p, nil
}

func (p publishes) keys() []string {
	keys := make([]string, len(p.entries))
	for i, e := range p.entries {
		keys[i] = p.form.Get("TopicArn") + " " + digest(canonicalForm([]byte(e.Encode())))
	}
	return keys
}

func (p publishes) without(failed []bool) []byte {
	form := url.Values{}
	for name, values := range p.form {
		form[name] = values
	}
	for i, e := range pick(p.entries, failed, false) {
		for member, values := range e {
			form[publishEntry+strconv.Itoa(i+1)+"."+member] = values
		}
	}
	return []byte(form.Encode())
}

func (p publishes) answer(m message, got *reply, failed []bool) *http.Response {
	id := wire.NewRequestID()
	body := []byte(`<PublishBatchResponse xmlns="` + snsNamespace + `"><PublishBatchResult><Successful/></PublishBatchResult>` +
		`<ResponseMetadata><RequestId>` + id + `</RequestId></ResponseMetadata></PublishBatchResponse>`)
	if got != nil {
		if got.status != http.StatusOK {
			return nil
		}
		body = got.body
	}
	var refused strings.Builder
	for _, e := range pick(p.entries, failed, true) {
		refused.WriteString("<member><Id>" + escape(e.Get("Id")) + "</Id><Code>" + entryFailed +
			"</Code><Message>Internal error</Message><SenderFault>false</SenderFault></member>")
	}
	body = insertFailed(body, refused.String())
	return respond(m.Request, http.StatusOK, http.Header{"Content-Type": {"text/xml"}, "X-Amzn-Requestid": {id}}, body)
}

// insertFailed puts members into the list of failed entries.
func insertFailed(body []byte, members string) []byte {
	replace := func(old, new string) bool {
		if !bytes.Contains(body, []byte(old)) {
			return false
		}
		body = bytes.Replace(body, []byte(old), []byte(new), 1)
		return true
	}
	whole := "<Failed>" + members + "</Failed>"
	_ = replace("<Failed>", "<Failed>"+members) || replace("<Failed/>", whole) ||
		replace("</PublishBatchResult>", whole+"</PublishBatchResult>")
	return body
}
