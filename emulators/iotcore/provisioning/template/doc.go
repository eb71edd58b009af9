// Package template is the language of provisioning templates: what a body may say, and what
// it says with the values of its parameters.
//
//	Parse ─> Body ─ Resource(name, parameters) ─> Resource: a thing, a certificate, a policy
//	              └ Configuration(parameters) ──> what the device is told
//
// Everything that can be wrong without a value is found by Parse; what is not known there
// is refused by name. The functions are Ref, Fn::Join, Fn::Select, Fn::Split, Fn::FindInMap
// and Fn::Sub. What a resource does to what is there already, package registry decides by
// its OverrideSettings.
// https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html
package template
