package iam

import (
	"embed"
	"io/fs"
	"regexp"
	"strings"
	"sync"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// managedFiles are documents of AWS's own policies, as published in
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
//
//go:embed managed
var managedFiles embed.FS

const prefixOfAWS = "arn:aws:iam::aws:policy/"

// publishedByAWS are the policies of AWS whose documents are known, by ARN.
var publishedByAWS = sync.OnceValue(func() map[string]document {
	known := map[string]document{}
	err := fs.WalkDir(managedFiles, "managed", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := managedFiles.ReadFile(path)
		if err != nil {
			return err
		}
		parsed, err := policy.ParseIdentity(text)
		name := strings.TrimSuffix(strings.TrimPrefix(path, "managed/"), ".json")
		known[prefixOfAWS+name] = document{string(text), parsed}
		return err
	})
	if err != nil {
		panic(err) // of what is compiled in
	}
	return known
})

// formOfAWS is that of the ARNs of AWS's own policies.
var formOfAWS = regexp.MustCompile(`^` + prefixOfAWS + `([\w+=,.@-]{1,64}/){0,2}[\w+=,.@-]{1,128}$`)

// ofAWS tells whether a policy is one of AWS's own.
func ofAWS(arn string) bool { return formOfAWS.MatchString(arn) }
