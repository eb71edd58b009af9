package dynamodb

// project finds the attributes that the index holds.
func (i *index) project(primary schema) error {
	p := i.projection
	switch {
	case p.ProjectionType == "":
		return invalid("One or more parameter values were invalid: Unknown ProjectionType: null")
	case p.ProjectionType == "INCLUDE" && len(p.NonKeyAttributes) == 0:
		return invalid("One or more parameter values were invalid: ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
	case p.ProjectionType != "INCLUDE" && p.NonKeyAttributes != nil:
		return invalid("One or more parameter values were invalid: ProjectionType is %s, but NonKeyAttributes is specified", p.ProjectionType)
	}
	if p.ProjectionType == "ALL" {
		return nil
	}
	i.projected = map[string]bool{}
	for _, s := range []schema{primary, i.schema} {
		for _, k := range s {
			i.projected[k.name] = true
		}
	}
	seen := map[string]bool{}
	for _, name := range p.NonKeyAttributes {
		if seen[name] {
			return invalid("One or more parameter values were invalid: Duplicate element in NonKeyAttributes: %s", name)
		}
		seen[name], i.projected[name] = true, true
	}
	return nil
}
