package dynamodb

// SSESpecification is with which key a table is encrypted: AWS's own, or, where it
// is enabled, the one that AWS manages in the account. Nothing here is at rest, so
// the choice is kept and described. A key of the account's own needs a KMS, which
// there is not.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SSESpecification.html
type SSESpecification struct {
	Enabled        *bool
	SSEType        string
	KMSMasterKeyID *string `json:"KMSMasterKeyId"`
}

// SSEDescription describes a table that is encrypted with the managed key, which is
// told by its alias.
type SSEDescription struct {
	Status          string
	SSEType         string
	KMSMasterKeyArn string
}

func (in *SSESpecification) check() error {
	if in == nil {
		return nil
	}
	if err := oneOf(in.SSEType, "sSESpecification.sSEType", "AES256", "KMS"); err != nil {
		return err
	}
	switch {
	case in.KMSMasterKeyID != nil:
		return invalid("SSESpecification: KMSMasterKeyId %q is not implemented by Shakedown: it has no KMS; without it the key is AWS's", *in.KMSMasterKeyID)
	case in.SSEType == "AES256":
		return invalid("One or more parameter values were invalid: SSEType AES256 is not supported")
	case !in.enabled() && in.SSEType != "":
		return invalid("One or more parameter values were invalid: SSEType can not be specified if Enabled is false")
	}
	return nil
}

func (in *SSESpecification) enabled() bool { return in != nil && in.Enabled != nil && *in.Enabled }

// differs refuses the key that the table has.
func (in *SSESpecification) differs(managed bool) error {
	switch {
	case in == nil || in.enabled() != managed:
		return nil
	case managed:
		return invalid("One or more parameter values were invalid: Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to change Master Key")
	}
	return invalid("One or more parameter values were invalid: Table is already encrypted by default")
}
