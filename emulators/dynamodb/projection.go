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
	case len(p.NonKeyAttributes) > maxIndexProjected:
		return invalid("One or more parameter values were invalid: NonKeyAttributes of index %s are more than %d", i.name, maxIndexProjected)
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
	for _, name := range p.NonKeyAttributes {
		i.projected[name] = true
	}
	return nil
}
