package permission_test

import (
	"fmt"

	"github.com/shakedown-iot/shakedown/emulators/policy/permission"
)

func Example() {
	text, added, err := permission.Add("", "q/SQSDefaultPolicy", permission.Permission{
		Label: "MyLabel", Accounts: []string{"177715257436"}, Actions: []string{"SQS:SendMessage"}, Resource: "arn:aws:sqs:us-east-1:000000000000:q",
	})
	fmt.Println(text, added, err)
	text, removed, err := permission.Remove(text, "MyLabel")
	fmt.Printf("%q %v %v\n", text, removed, err)
	// Output:
	// {"Version":"2008-10-17","Id":"q/SQSDefaultPolicy","Statement":[{"Sid":"MyLabel","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::177715257436:root"},"Action":"SQS:SendMessage","Resource":"arn:aws:sqs:us-east-1:000000000000:q"}]} true <nil>
	// "" true <nil>
}
