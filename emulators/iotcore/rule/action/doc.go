// Package action is the actions of topic rules: one file each, with its members as the API
// has them, what is checked when the rule is made, and what is called for a message.
//
//	Action ─ Compiler.Compile ─> Compiled ─ Run(Firing, payload) ─> one call of a target ─> Outcome
//
// A Compiler checks what can be wrong before a message comes, and compiles the templates,
// which may use the variables of the rule's SQL. An action that has no target in Targets is
// refused then. Run expands the templates, asks whether the rule may assume the action's
// role and do with it what the action does, and calls the target once: one message is one
// record, one object, one item.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-rule-actions.html
package action
