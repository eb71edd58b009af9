package wire

import (
	"log/slog"
	"net/http"
	"strings"
)

// RPC serves a service of the Smithy RPC v2 protocol in CBOR:
// POST /service/{service}/operation/{operation}. Structs are named by json tags, as
// for JSON. See https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
type RPC struct {
	Service    string
	Operations map[string]Operation
	// UnknownMember is the code for a member that is not implemented;
	// ValidationException when empty.
	UnknownMember string
	// QueryCodes: see JSON.
	QueryCodes map[string]string
	MaxBody    int64
	Log        *slog.Logger
}

const (
	rpcHeader   = "Smithy-Protocol"
	rpcProtocol = "rpc-v2-cbor"
	rpcType     = "application/cbor"
)

// IsRPC tells whether a request speaks that protocol.
func IsRPC(r *http.Request) bool { return r.Header.Get(rpcHeader) == rpcProtocol }

// ServeHTTP implements http.Handler.
func (p RPC) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Amzn-Requestid", NewRequestID())
	w.Header().Set(rpcHeader, rpcProtocol)
	w.Header().Set("Content-Type", rpcType)
	out, err := p.serve(r)
	if err == nil {
		writeCBOR(w, http.StatusOK, out, seconds)
		return
	}
	e := AsError(err)
	addQueryCode(w.Header(), e, p.QueryCodes)
	writeCBORError(w, e, seconds)
}

func (p RPC) serve(r *http.Request) (any, error) {
	name, ok := strings.CutPrefix(r.URL.Path, "/service/"+p.Service+"/operation/")
	if !ok || r.Method != http.MethodPost {
		return nil, Errorf("UnknownOperationException", http.StatusNotFound, "%s %s is not an operation of %s", r.Method, r.URL.Path, p.Service)
	}
	op, ok := p.Operations[name]
	if !ok {
		return nil, NotImplemented("UnknownOperationException", name)
	}
	body, err := readBody(r, p.MaxBody)
	if err != nil {
		return nil, err
	}
	in := op.newInput()
	if err := decodeCBOR(body, in, name, codeOr(p.UnknownMember), inSeconds); err != nil {
		return nil, err
	}
	return op.run(r.Context(), p.Log, name, in)
}
