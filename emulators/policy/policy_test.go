package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

const queue = "arn:aws:sqs:us-east-1:000000000000:alerts"

var (
	account = policy.Caller{}
	topic   = policy.Caller{Service: "sns.amazonaws.com", SourceARN: "arn:aws:sns:us-east-1:000000000000:iot-alerts", SourceAccount: "000000000000"}
	bucket  = policy.Caller{Service: "s3.amazonaws.com", SourceARN: "arn:aws:s3:::archive", SourceAccount: "000000000000"}
)

func statement(text string) string {
	return `{"Version":"2012-10-17","Statement":[` + text + `]}`
}

// The first three documents are AWS's own examples, with our names:
// https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
// https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
func TestWhoMayDoWhat(t *testing.T) {
	fromTopic := `{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"` + queue + `","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:us-east-1:000000000000:iot-alerts"}}}`
	fromBucket := `{"Sid":"example-statement-ID","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":["SQS:SendMessage"],"Resource":"` + queue + `","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:archive"},"StringEquals":{"aws:SourceAccount":"000000000000"}}}`
	ofOwner := `{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sqs:*","Resource":"` + queue + `","Condition":{"StringEquals":{"AWS:SourceOwner":"000000000000"}}}`
	everyone := `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`
	for name, c := range map[string]struct {
		document string
		caller   policy.Caller
		allowed  bool
	}{
		"no policy: the account may":          {"", account, true},
		"no policy: a service may not":        {"", topic, false},
		"the topic may":                       {fromTopic, topic, true},
		"another service may not":             {fromTopic, bucket, false},
		"another topic may not":               {fromTopic, policy.Caller{Service: "sns.amazonaws.com", SourceARN: "arn:aws:sns:us-east-1:000000000000:others"}, false},
		"the bucket may":                      {fromBucket, bucket, true},
		"not of another account":              {fromBucket, policy.Caller{Service: "s3.amazonaws.com", SourceARN: bucket.SourceARN, SourceAccount: "111122223333"}, false},
		"a topic's default policy: its owner": {ofOwner, account, true},
		"a topic's default policy: no bucket": {ofOwner, bucket, false},
		"everyone is services, too":           {everyone, topic, true},
		"a deny wins":                         {everyone + `,{"Effect":"Deny","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:Send*","Resource":"*"}`, topic, false},
		"a deny of another action":            {`{"Effect":"Deny","Principal":"*","Action":"sqs:Receive*","Resource":"*"},` + fromTopic, topic, true},
		"a deny of the account":               {`{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"sqs:SendMessage","Resource":"*"}`, account, false},
		"a deny of somebody else":             {`{"Effect":"Deny","Principal":{"AWS":["111122223333","arn:aws:iam::000000000000:role/r"]},"Action":"sqs:SendMessage","Resource":"*"}`, account, true},
		"without TLS":                         {`{"Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`, account, true},
		"not principal":                       {`{"Effect":"Deny","NotPrincipal":{"Service":"sns.amazonaws.com"},"Action":"sqs:*","Resource":"*"},` + everyone, topic, true},
		"not principal: others":               {`{"Effect":"Deny","NotPrincipal":{"Service":"sns.amazonaws.com"},"Action":"sqs:*","Resource":"*"},` + everyone, bucket, false},
		"not action":                          {`{"Effect":"Allow","Principal":"*","NotAction":"sqs:ReceiveMessage","Resource":"*"}`, topic, true},
		"not action: others":                  {`{"Effect":"Allow","Principal":"*","NotAction":"sqs:Send*","Resource":"*"}`, topic, false},
		"another resource":                    {`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"` + queue + `-2"}`, topic, false},
		"a wildcard of a resource":            {`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"arn:aws:sqs:*:*:al?rts"}`, topic, true},
		"a wildcard within an ARN's part":     {`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:iot*:*"}}}`, topic, false},
		"a text's wildcard is a character":    {`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceArn":"arn:aws:sns:*"}}}`, topic, false},
		"like is not":                         {`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"StringLike":{"aws:SourceArn":"arn:aws:sns:*"}}}`, topic, true},
		"a key without value":                 {`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}`, topic, false},
		"a key without value, not equal":      {`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}}}`, topic, true},
		"a key without value, if it exists":   {`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}}}`, topic, true},
		"null":                                {`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"Null":{"aws:SourceArn":"false"}}}`, topic, true},
		"a variable":                          {`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"${aws:SourceAccount}"}}}`, topic, true},
		"a variable without value":            {`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"arn:aws:sqs:*:*:*${aws:PrincipalOrgID}"}`, topic, false},
		"one of two values":                   {`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":["1","000000000000"]}}}`, topic, true},
		"both of two keys":                    {`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"000000000000","aws:PrincipalServiceName":"s3.amazonaws.com"}}}`, topic, false},
	} {
		var d *policy.Document
		if c.document != "" {
			var err error
			d, err = policy.Parse([]byte(statement(c.document)), "sqs")
			require.NoError(t, err, name)
		}
		denied := d.Authorize(policy.WithCaller(t.Context(), c.caller), policy.Request{Account: "000000000000", Action: "sqs:SendMessage", Resource: queue})
		require.Equal(t, c.allowed, denied == nil, "%s: %v", name, denied)
	}
}

// What is not evaluated is not accepted.
func TestWhatIsRefused(t *testing.T) {
	all := `"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"`
	for document, why := range map[string]string{
		``:                 "EOF",
		`{"Statement":[]}`: "Statement",
		`{"Version":"2013","Statement":{` + all + `}}`:                                                                                  "version",
		`{"Statement":{` + all + `},"Extra":1}`:                                                                                         `"Extra" is not implemented`,
		statement(`{"Effect":"Maybe"}`):                                                                                                 "Maybe",
		statement(`{"Effect":"Allow","Action":"sqs:*","Resource":"*"}`):                                                                 "principal",
		statement(`{"Effect":"Allow","Principal":"*","Resource":"*"}`):                                                                  "action: missing",
		statement(`{"Effect":"Allow","Principal":"*","Action":"sqs:*"}`):                                                                "resource: missing",
		statement(`{` + all + `,"NotAction":"sqs:*"}`):                                                                                  "exclude each other",
		statement(`{"Effect":"Allow","Principal":{"AWS":"me"},"Action":"sqs:*","Resource":"*"}`):                                        `"me" is not valid`,
		statement(`{"Effect":"Deny","Principal":{"CanonicalUser":"79a59df900b949e55d96a1e698fbaced"},"Action":"sqs:*","Resource":"*"}`): "the principal CanonicalUser is not implemented",
		statement(`{"Effect":"Deny","Principal":{"Federated":"www.amazon.com"},"Action":"sqs:*","Resource":"*"}`):                       `Federated "www.amazon.com" is not valid`,
		statement(`{"Effect":"Allow","Principal":{"Service":"sns"},"Action":"sqs:*","Resource":"*"}`):                                   `"sns" is not valid`,
		statement(`{"Effect":"Allow","Principal":"*","Action":"sns:Publish","Resource":"*"}`):                                           "is none of sqs",
		statement(`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"arn:aws:sqs:*:*:${aws:username}"}`):                   "the policy variable aws:username is not implemented",
		statement(`{` + all + `,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}`):                                              "aws:SourceIp is not implemented",
		statement(`{` + all + `,"Condition":{"ForAnyValue:StringEquals":{"aws:SourceArn":"x"}}}`):                                       "ForAnyValue:StringEquals is not implemented",
		statement(`{` + all + `,"Condition":{"ArnLike":{"aws:SourceArn":"topic"}}}`):                                                    "no ARN",
		statement(`{` + all + `,"Condition":{"StringEquals":{"aws:SourceArn":7}}}`):                                                     "not a text",
	} {
		_, err := policy.Parse([]byte(document), "sqs")
		require.ErrorContains(t, err, why, document)
	}
}

// FuzzParse: no document panics, nor does a decision by one.
func FuzzParse(f *testing.F) {
	f.Add([]byte(statement(`{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:*","Resource":"a*?b","Condition":{"ArnLike":{"aws:SourceArn":"arn:*:*:*:*:*"}}}`)), "aXYb")
	f.Fuzz(func(t *testing.T, document []byte, resource string) {
		d, err := policy.Parse(document, "sqs")
		if err != nil {
			return
		}
		r := policy.Request{Account: "000000000000", Action: "sqs:SendMessage", Resource: resource}
		one, two := d.Authorize(policy.WithCaller(t.Context(), topic), r), d.Authorize(policy.WithCaller(t.Context(), topic), r)
		require.Equal(t, one == nil, two == nil)
	})
}
