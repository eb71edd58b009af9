// Package attribute is the data model of DynamoDB: attribute values, numbers,
// items and document paths.
//
// Values are immutable, so items share them freely: an update copies only the
// maps and lists along the path that it changes.
//
// Numbers are decimals of at most 38 significant digits between 1E-130 and
// 9.99…E+125; they compare as numbers and are answered in plain notation without
// leading or trailing zeros.
// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
//
// Errors are wire errors with the service's own messages.
package attribute
