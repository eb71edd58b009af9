// Package features is what Shakedown promises, in Gherkin, and the step library
// behind it.
//
// Each scenario runs in a bubble of virtual time of its own, on a fresh embedded
// cloud with a fresh pipeline: ten minutes of silence take no time, and the same
// scenario gives the same hash each time.
//
// Another project runs its own .feature files with these steps, and with its own
// handlers bound beside or instead of the pipeline's:
//
//	func TestFeatures(t *testing.T) {
//		features.Suite{
//			FS:    os.DirFS("."),
//			Paths: []string{"my.feature"},
//			World: scenarios.WorldOptions{Functions: map[string]lambda.GoHandler{"my-handler": handler}},
//		}.Run(t)
//	}
//
// The steps are listed by [Steps.Register].
package features
