package registry

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

var ctx = context.Background()

const document = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}`

func newState(t *testing.T) *State {
	authority, err := NewAuthority()
	require.NoError(t, err)
	return New(Config{Authority: authority})
}

// requireCode wants the error of a service, by its code and a part of its text.
var requireCode = operationtest.RequireCode

func attributes(n int) *AttributePayload {
	a := map[string]string{}
	for i := range n {
		a[string(rune('a'+i))] = "v"
	}
	return &AttributePayload{Attributes: a}
}

func TestCreateThingIsIdempotent(t *testing.T) {
	s := newState(t)
	first, err := s.CreateThing(ctx, &CreateThingInput{ThingName: "a", AttributePayload: attributes(3)})
	require.NoError(t, err)
	again, err := s.CreateThing(ctx, &CreateThingInput{ThingName: "a", AttributePayload: attributes(3)})
	require.NoError(t, err)
	require.Equal(t, first, again)
	_, err = s.CreateThing(ctx, &CreateThingInput{ThingName: "a"})
	requireCode(t, err, codeExists)
	described, err := s.DescribeThing(ctx, &DescribeThingInput{ThingName: "a"})
	require.NoError(t, err)
	require.Len(t, described.Attributes, 3)
	require.Equal(t, "a", described.DefaultClientID)
}

func TestThingLimits(t *testing.T) {
	s := newState(t)
	for _, in := range []*CreateThingInput{
		{ThingName: "a b"}, {ThingName: "ä"}, {ThingName: strings.Repeat("x", 129)},
		{ThingName: "a", AttributePayload: attributes(4)},
		{ThingName: "a", AttributePayload: &AttributePayload{Attributes: map[string]string{"a b": "x"}}},
		{ThingName: "a", AttributePayload: &AttributePayload{Attributes: map[string]string{"a": "ü"}}},
	} {
		_, err := s.CreateThing(ctx, in)
		requireCode(t, err, codeInvalid)
	}
}

func TestDeleteThing(t *testing.T) {
	s := newState(t)
	issued, err := s.Issue("a")
	require.NoError(t, err)
	_, err = s.DeleteThing(ctx, &DeleteThingInput{ThingName: "a"})
	requireCode(t, err, codeInvalid)
	_, err = s.DetachThingPrincipal(ctx, &AttachPrincipalInput{ThingName: "a", Principal: issued.ARN})
	require.NoError(t, err)
	two := int64(2)
	_, err = s.DeleteThing(ctx, &DeleteThingInput{ThingName: "a", ExpectedVersion: &two})
	requireCode(t, err, "VersionConflictException")
	_, err = s.DeleteThing(ctx, &DeleteThingInput{ThingName: "a"})
	require.NoError(t, err)
	_, err = s.DescribeThing(ctx, &DescribeThingInput{ThingName: "a"})
	requireCode(t, err, codeNotFound)
	_, err = s.DeleteThing(ctx, &DeleteThingInput{ThingName: "a"})
	require.NoError(t, err, "as on AWS")
}

func TestPages(t *testing.T) {
	s := newState(t)
	for _, name := range []string{"c", "a", "b", "e", "d"} {
		_, err := s.CreateThing(ctx, &CreateThingInput{ThingName: name})
		require.NoError(t, err)
	}
	var names []string
	token := ""
	for {
		out, err := s.ListThings(ctx, &ListThingsInput{MaxResults: 2, NextToken: token})
		require.NoError(t, err)
		for _, thing := range out.Things {
			names = append(names, thing.ThingName)
		}
		if token = out.NextToken; token == "" {
			break
		}
	}
	require.Equal(t, []string{"a", "b", "c", "d", "e"}, names)
	for _, in := range []*ListThingsInput{{MaxResults: 251}, {MaxResults: -1}, {NextToken: "?"}} {
		_, err := s.ListThings(ctx, in)
		requireCode(t, err, codeInvalid)
	}
}

func TestPolicies(t *testing.T) {
	s := newState(t)
	_, err := s.CreatePolicy(ctx, &CreatePolicyInput{PolicyName: "p", PolicyDocument: document})
	require.NoError(t, err)
	_, err = s.CreatePolicy(ctx, &CreatePolicyInput{PolicyName: "p", PolicyDocument: document})
	requireCode(t, err, codeExists)
	_, err = s.CreatePolicy(ctx, &CreatePolicyInput{PolicyName: "q", PolicyDocument: "{"})
	requireCode(t, err, "MalformedPolicyException")
	_, err = s.CreatePolicy(ctx, &CreatePolicyInput{PolicyName: "q", PolicyDocument: document + strings.Repeat("x", 2048)})
	requireCode(t, err, "MalformedPolicyException")
	_, err = s.CreatePolicy(ctx, &CreatePolicyInput{PolicyName: "q", PolicyDocument: document + strings.Repeat(" ", 2048)})
	require.NoError(t, err, "whitespace does not count")

	list, err := s.ListPolicies(ctx, &ListPoliciesInput{})
	require.NoError(t, err)
	require.Equal(t, "q", list.Policies[0].PolicyName, "newest first")
	list, err = s.ListPolicies(ctx, &ListPoliciesInput{AscendingOrder: true})
	require.NoError(t, err)
	require.Equal(t, "p", list.Policies[0].PolicyName)

	issued, err := s.Issue("a")
	require.NoError(t, err)
	attach := &AttachPolicyInput{PolicyName: "p", Target: issued.ARN}
	for range 2 {
		_, err = s.AttachPolicy(ctx, attach)
		require.NoError(t, err)
	}
	require.Len(t, s.Grants(issued.ID, "a").Documents, 1)
	_, err = s.DeletePolicy(ctx, &PolicyNameInput{PolicyName: "p"})
	requireCode(t, err, codeConflict)
	_, err = s.DetachPolicy(ctx, attach)
	require.NoError(t, err)
	_, err = s.DeletePolicy(ctx, &PolicyNameInput{PolicyName: "p"})
	require.NoError(t, err)
	_, err = s.GetPolicy(ctx, &PolicyNameInput{PolicyName: "p"})
	requireCode(t, err, codeNotFound)
}

func TestAttachPolicyRefusals(t *testing.T) {
	s := newState(t)
	issued, err := s.Issue("a")
	require.NoError(t, err)
	for i := range 11 {
		name := string(rune('a' + i))
		_, err = s.CreatePolicy(ctx, &CreatePolicyInput{PolicyName: name, PolicyDocument: document})
		require.NoError(t, err)
		_, err = s.AttachPolicy(ctx, &AttachPolicyInput{PolicyName: name, Target: issued.ARN})
		if i < 10 {
			require.NoError(t, err)
		}
	}
	requireCode(t, err, codeLimit)
	_, err = s.AttachPolicy(ctx, &AttachPolicyInput{PolicyName: "none", Target: issued.ARN})
	requireCode(t, err, codeNotFound)
	_, err = s.AttachPolicy(ctx, &AttachPolicyInput{PolicyName: "a", Target: "arn:aws:iot:us-east-1:000000000000:thing/g"})
	requireCode(t, err, codeInvalid)
	_, err = s.AttachPolicy(ctx, &AttachPolicyInput{PolicyName: "a", Target: strings.Replace(issued.ARN, "0000", "1111", 1)})
	requireCode(t, err, codeNotFound)
}

func TestGrantsKnowTheThingOnlyWhenAttached(t *testing.T) {
	s := newState(t)
	issued, err := s.Issue("a")
	require.NoError(t, err)
	_, err = s.Issue("b")
	require.NoError(t, err)
	require.Equal(t, "a", s.Grants(issued.ID, "a").Thing)
	require.Empty(t, s.Grants(issued.ID, "b").Thing)
	require.Empty(t, s.Grants(issued.ID, "c").Thing)
	before := s.Version()
	_, err = s.DetachThingPrincipal(ctx, &AttachPrincipalInput{ThingName: "a", Principal: issued.ARN})
	require.NoError(t, err)
	require.Greater(t, s.Version(), before)
	require.Empty(t, s.Grants(issued.ID, "a").Thing)
	_, err = s.AttachThingPrincipal(ctx, &AttachPrincipalInput{ThingName: "a", Principal: issued.ARN, Type: "EXCLUSIVE_THING"})
	require.NoError(t, err)
	require.Equal(t, "a", s.Grants(issued.ID, "c").Thing)
}

func TestCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var changed []Status
		authority, err := NewAuthority()
		require.NoError(t, err)
		s := New(Config{Authority: authority, StatusChanged: func(_ string, status Status) { changed = append(changed, status) }})
		issued, err := s.Issue("")
		require.NoError(t, err)
		require.NoError(t, s.Check(issued.ID, time.Now()))
		require.ErrorContains(t, s.Check("x", time.Now()), "not registered")
		require.ErrorContains(t, s.Check(issued.ID, time.Now().Add(-2*time.Hour)), "not valid before")
		require.ErrorContains(t, s.Check(issued.ID, notAfter.Add(time.Second)), "expired")
		_, err = s.UpdateCertificate(ctx, &UpdateCertificateInput{CertificateID: issued.ID, NewStatus: Inactive})
		require.NoError(t, err)
		require.ErrorContains(t, s.Check(issued.ID, time.Now()), "is INACTIVE")
		require.Empty(t, s.Grants(issued.ID, "").Documents)
		_, err = s.UpdateCertificate(ctx, &UpdateCertificateInput{CertificateID: issued.ID, NewStatus: "PENDING_TRANSFER"})
		requireCode(t, err, codeInvalid)
		_, err = s.UpdateCertificate(ctx, &UpdateCertificateInput{CertificateID: "x", NewStatus: Active})
		requireCode(t, err, codeNotFound)
		require.Equal(t, []Status{Inactive}, changed)
	})
}

func TestRegister(t *testing.T) {
	s, other := newState(t), newState(t)
	issued, err := other.Issue("")
	require.NoError(t, err)
	in := &RegisterInput{CertificatePem: string(issued.CertificatePEM), Status: Active}
	out, err := s.Register(ctx, in)
	require.NoError(t, err)
	require.Equal(t, issued.ID, out.CertificateID)
	require.NoError(t, s.Check(issued.ID, time.Now()))
	_, err = s.Register(ctx, in)
	requireCode(t, err, codeExists)
	_, err = s.Register(ctx, &RegisterInput{CertificatePem: "x"})
	requireCode(t, err, "CertificateValidationException")
	_, err = s.Register(ctx, &RegisterInput{CertificatePem: in.CertificatePem, Status: PendingActivation})
	requireCode(t, err, codeInvalid)
	list, err := s.ListCertificates(ctx, &ListCertificatesInput{})
	require.NoError(t, err)
	require.Len(t, list.Certificates, 1)
}

func BenchmarkIssue(b *testing.B) {
	authority, err := NewAuthority()
	require.NoError(b, err)
	s := New(Config{Authority: authority})
	for b.Loop() {
		if _, err := s.Issue("a"); err != nil {
			b.Fatal(err)
		}
	}
}
