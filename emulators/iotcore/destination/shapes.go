package destination

import "github.com/shakedown-iot/shakedown/emulators/wire"

// HTTPConfiguration is the confirmation URL of a destination, as requests and answers
// have it.
type HTTPConfiguration struct {
	ConfirmationURL string `json:"confirmationUrl"`
}

// CreateInput is the request of CreateTopicRuleDestination.
type CreateInput struct {
	Configuration struct {
		HTTP *HTTPConfiguration `json:"httpUrlConfiguration"`
	} `json:"destinationConfiguration"`
}

// Description is a destination as Create and Get answer it.
type Description struct {
	ARN           string            `json:"arn"`
	CreatedAt     wire.Time         `json:"createdAt"`
	LastUpdatedAt wire.Time         `json:"lastUpdatedAt"`
	Status        Status            `json:"status"`
	StatusReason  string            `json:"statusReason,omitempty"`
	HTTP          HTTPConfiguration `json:"httpUrlProperties"`
}

// Output is the answer of Create and Get.
type Output struct {
	Destination Description `json:"topicRuleDestination"`
}

// ARNInput is the request of an operation on one destination.
type ARNInput struct {
	ARN string `json:"-" path:"arn"`
}

// ListInput is the request of ListTopicRuleDestinations.
type ListInput struct {
	MaxResults int    `json:"-" query:"maxResults"`
	NextToken  string `json:"-" query:"nextToken"`
}

// Summary is one destination of a list.
type Summary struct {
	ARN           string            `json:"arn"`
	CreatedAt     wire.Time         `json:"createdAt"`
	LastUpdatedAt wire.Time         `json:"lastUpdatedAt"`
	Status        Status            `json:"status"`
	StatusReason  string            `json:"statusReason,omitempty"`
	HTTP          HTTPConfiguration `json:"httpUrlSummary"`
}

// ListOutput is the answer of ListTopicRuleDestinations.
type ListOutput struct {
	Destinations []Summary `json:"destinationSummaries"`
	NextToken    string    `json:"nextToken,omitempty"`
}

// UpdateInput is the request of UpdateTopicRuleDestination.
type UpdateInput struct {
	ARN    string `json:"arn"`
	Status Status `json:"status"`
}
