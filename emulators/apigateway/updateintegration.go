package apigateway

import "context"

// UpdateIntegrationInput changes an integration; what is absent stays.
type UpdateIntegrationInput struct {
	ApiId                string  `path:"ApiId" json:"-"`
	IntegrationId        string  `path:"IntegrationId" json:"-"`
	IntegrationType      *string `json:"integrationType"`
	IntegrationUri       *string `json:"integrationUri"`
	IntegrationMethod    *string `json:"integrationMethod"`
	PayloadFormatVersion *string `json:"payloadFormatVersion"`
	TimeoutInMillis      *int32  `json:"timeoutInMillis"`
	Description          *string `json:"description"`
	ConnectionType       *string `json:"connectionType"`
	CredentialsArn       *string `json:"credentialsArn"`
}

// UpdateIntegration changes an integration; its routes follow. Errors:
// BadRequestException, NotFoundException.
func (s *State) UpdateIntegration(_ context.Context, in *UpdateIntegrationInput) (*Integration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, at, err := s.findIntegration(IntegrationRef{in.ApiId, in.IntegrationId})
	if err != nil {
		return nil, err
	}
	old := a.integrations[at]
	merged := CreateIntegrationInput{
		IntegrationType: old.IntegrationType, IntegrationUri: old.IntegrationUri, IntegrationMethod: old.IntegrationMethod,
		PayloadFormatVersion: old.PayloadFormatVersion, TimeoutInMillis: &old.TimeoutInMillis, Description: old.Description, ConnectionType: old.ConnectionType,
		CredentialsArn: old.CredentialsArn,
	}
	replace(&merged.IntegrationType, in.IntegrationType)
	replace(&merged.IntegrationUri, in.IntegrationUri)
	replace(&merged.IntegrationMethod, in.IntegrationMethod)
	replace(&merged.PayloadFormatVersion, in.PayloadFormatVersion)
	replace(&merged.Description, in.Description)
	replace(&merged.ConnectionType, in.ConnectionType)
	replace(&merged.CredentialsArn, in.CredentialsArn)
	if in.TimeoutInMillis != nil {
		merged.TimeoutInMillis = in.TimeoutInMillis
	}
	changed, err := s.integration(&merged)
	if err != nil {
		return nil, err
	}
	changed.IntegrationId = old.IntegrationId
	a.integrations[at] = changed
	return &changed, nil
}
