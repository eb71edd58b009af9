// Package topic is what AWS IoT Core says about topics and topic filters: which may be
// published and subscribed to, which filter matches which topic, and what stands in those
// that are AWS's own.
//
//	a/b                              any client's
//	$aws/rules/<rule>/…              Basic Ingest: for one rule
//	$aws/things/<thing>/shadow/…     requests and answers of package shadow
//	$aws/certificates/…, $aws/provisioning-templates/…   of package provisioning
//	$aws/events/…                    what IoT Core tells of clients and of the registry
//	$share/<name>/<filter>           a shared subscription
//
// Every other topic that begins with $ is refused by name. What a policy allows is another
// question: see package policy.
// https://docs.aws.amazon.com/iot/latest/developerguide/topics.html
// https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html
package topic
