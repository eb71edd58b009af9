// Package rule is the rules engine of IoT Core: the queue that accepted messages wait in,
// the table of topic rules, and what happens to a message by them.
//
//	Enqueue ─ slot ─> lane ─> Run: settle 1 ns, sort ─> every rule whose FROM matches, by name
//	                                                     │
//	        WHERE not true <─ Filtered ──────────────────┤ SQL (package sql), which may ask other services
//	        actions in order (package action) <─ Matched ┘
//	            ├─ failed ones ─> one message ─> errorAction
//	            └─ republished messages ─> subscribers, and rules again, at most ten times
//
// An Engine decides nothing about clients: who may publish is asked before Enqueue. It has
// no goroutines before Run, which is over when Close has been called and what was accepted
// is processed.
//
// The operations on topic rules (CreateTopicRule and the like) are methods of Engine with
// the requests and answers of the API; their tags are the caller's.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-rules.html
package rule
