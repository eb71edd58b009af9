package dynamodb

import "github.com/shakedown-iot/shakedown/emulators/wire"

// checkUpdates checks what of changes to indexes does not depend on the table.
func checkUpdates(updates []GlobalSecondaryIndexUpdate) error {
	if updates != nil && len(updates) == 0 {
		return invalid("One or more parameter values were invalid: List of GlobalSecondaryIndexUpdates is empty")
	}
	changes, seen := 0, map[string]bool{}
	for _, u := range updates {
		name, err := u.index()
		if err != nil {
			return err
		}
		if seen[name] {
			return invalid("One or more parameter values were invalid: Only one global secondary index update per index is allowed simultaneously. Index: %s", name)
		}
		seen[name] = true
		if u.Update == nil {
			changes++
		}
	}
	if changes > 1 {
		return wire.Errorf("LimitExceededException", 0, "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table")
	}
	return nil
}

// index is the name of the index that is made, changed or deleted.
func (u GlobalSecondaryIndexUpdate) index() (name string, err error) {
	given := 0
	if u.Create != nil {
		given++
		name, err = u.Create.IndexName, u.Create.ProvisionedThroughput.inBounds(u.Create.IndexName)
	}
	if u.Update != nil {
		given++
		name, err = u.Update.IndexName, u.Update.ProvisionedThroughput.inBounds(u.Update.IndexName)
	}
	if u.Delete != nil {
		given++
		name = u.Delete.IndexName
	}
	if given > 1 {
		return "", invalid("One or more parameter values were invalid: Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object")
	}
	if given == 0 {
		return "", invalid("One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null")
	}
	return name, err
}
