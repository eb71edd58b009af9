package dynamodb

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// A token "is valid for 10 minutes after the first request that uses it is
// completed". maxTokens bounds how many are remembered: the oldest go first.
// See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
const (
	tokenLife = 10 * time.Minute
	maxTokens = 1 << 16
)

// tokens are the client request tokens of transactions that were done.
type tokens struct {
	known map[string]digest
	order []usedToken
}

type digest [sha256.Size]byte

type usedToken struct {
	token string
	at    time.Time
}

// digest stands for what a transaction does, and checks its token.
func (in *TransactWriteItemsInput) digest() (digest, error) {
	if in.ClientRequestToken == nil {
		return digest{}, nil
	}
	switch n := len(*in.ClientRequestToken); {
	case n < 1:
		return digest{}, constraint("''", "clientRequestToken", "Member must have length greater than or equal to 1")
	case n > 36:
		return digest{}, constraint("'"+*in.ClientRequestToken+"'", "clientRequestToken", "Member must have length less than or equal to 36")
	}
	text, err := json.Marshal(in.TransactItems)
	if err != nil {
		return digest{}, fmt.Errorf("encoding the transaction: %w", err)
	}
	return sha256.Sum256(text), nil
}

// done tells whether this transaction was done under the token; another one is
// refused.
func (u *tokens) done(token *string, d digest) (bool, error) {
	u.forget()
	if token == nil {
		return false, nil
	}
	before, ok := u.known[*token]
	if ok && before != d {
		return true, wire.Errorf("IdempotentParameterMismatchException", 0, "Request parameters do not match with the request parameters of the previous request that used the same client request token")
	}
	return ok, nil
}

func (u *tokens) keep(token *string, d digest) {
	if token == nil {
		return
	}
	if u.known == nil {
		u.known = map[string]digest{}
	}
	u.known[*token] = d
	u.order = append(u.order, usedToken{*token, time.Now()})
}

// forget drops the tokens whose time is over.
func (u *tokens) forget() {
	for len(u.order) > 0 && (len(u.order) >= maxTokens || time.Since(u.order[0].at) >= tokenLife) {
		delete(u.known, u.order[0].token)
		u.order = u.order[1:]
	}
}
