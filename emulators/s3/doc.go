// Package s3 is Simple Storage Service: buckets and objects over REST-XML.
//
// The wire is github.com/rclone/gofakes3, with a handler in front of it for what that
// does not know; the store behind its Backend is our own: an ordered map per bucket,
// so that ListObjectsV2 costs a page and not the bucket.
//
// # Buckets and objects
//
// A bucket is named by the path of a request, or by its host: archive.s3.localhost,
// archive.localhost, archive.s3.us-east-1.amazonaws.com.
//
// Buckets: create, head, list, delete, location, versioning, and the settings of
// settings.go: tags, policy, public access block, ownership controls and encryption
// (AES256) are kept; of the others only the state of a bucket that has none is read.
// Objects: put, get (ranges, conditions, versions), head, copy, attributes, tags, list
// (v1, v2 and versions, with prefix, delimiter and paging), delete, delete many,
// multipart uploads. A second object with a key overwrites the first, unless the
// bucket keeps versions.
//
// Event notifications go to queues, topics and functions, in the order of changes, if
// their policies allow it: that is tested when a bucket is configured. A delivery that its target refuses is tried
// again after one, two and four seconds, and then logged. While 100,000 are waiting,
// changes are refused with SlowDown.
//
// EventBridge, lifecycle, replication, CORS, websites and object lock are refused with
// NotImplemented and their name, a request with an unknown parameter too, or with a header
// beginning with x-amz- that is not in the table of headers.go. Buckets are of one account:
// a request that expects another owner is refused (AccessDenied). It pays for requests,
// whoever says that they would (x-amz-request-payer).
//
// Checksums and Content-MD5 are verified, also those of settings, of parts and of a whole
// multipart upload, of one part or composite, in headers or in the trailer of an aws-chunked
// body, and so is the payload's digest in x-amz-content-sha256. ListParts names none.
// Signatures are not verified, those of chunks included. A presigned URL, of whichever
// version, is refused when it has expired. A form that a browser posts is held against its policy, with
// that one's expiration, and stored as a PUT with its fields as headers would be.
// GetObjectAttributes gives numbers and sizes of parts, not their checksums.
//
// Every request is the account's, over TLS as far as conditions ask; the bucket's policy
// may deny it (AccessDenied). A statement with a condition or variable that is not
// evaluated is refused when the policy is put (MalformedPolicy, which names it). The
// account may read, replace and delete a policy whatever that says.
//
// BlockPublicPolicy refuses a policy that lets everybody in, BlockPublicAcls a public
// access control list (AccessDenied). A bucket that is BucketOwnerEnforced, as a new one
// is, takes no list but bucket-owner-full-control (AccessControlListNotSupported); where
// there could be others they are refused by name. What IgnorePublicAcls and
// RestrictPublicBuckets change is for others than the account, of whom there are none here.
//
// # Operations
//
//	AbortMultipartUpload CompleteMultipartUpload CopyObject CreateBucket
//	CreateMultipartUpload DeleteBucket DeleteBucketEncryption
//	DeleteBucketOwnershipControls DeleteBucketPolicy DeleteBucketTagging
//	DeleteObject DeleteObjectTagging DeleteObjects DeletePublicAccessBlock
//	GetBucketAccelerateConfiguration GetBucketAcl GetBucketEncryption
//	GetBucketLocation GetBucketLogging GetBucketNotificationConfiguration
//	GetBucketOwnershipControls GetBucketPolicy GetBucketRequestPayment
//	GetBucketTagging GetBucketVersioning GetObject GetObjectAcl
//	GetObjectAttributes GetObjectTagging GetPublicAccessBlock HeadBucket
//	HeadObject ListBuckets ListMultipartUploads ListObjectVersions ListObjects
//	ListObjectsV2 ListParts PutBucketEncryption
//	PutBucketNotificationConfiguration PutBucketOwnershipControls
//	PutBucketPolicy PutBucketTagging PutBucketVersioning PutObject
//	PutObjectTagging PutPublicAccessBlock UploadPart UploadPartCopy
//
// Refused by name (those that read or delete a setting of a bucket, with the code of one
// that has none):
//
//	CreateBucketMetadataConfiguration CreateBucketMetadataTableConfiguration
//	CreateSession DeleteBucketAnalyticsConfiguration DeleteBucketCors
//	DeleteBucketIntelligentTieringConfiguration
//	DeleteBucketInventoryConfiguration DeleteBucketLifecycle
//	DeleteBucketMetadataConfiguration DeleteBucketMetadataTableConfiguration
//	DeleteBucketMetricsConfiguration DeleteBucketReplication
//	DeleteBucketWebsite DeleteObjectAnnotation GetBucketAbac
//	GetBucketAnalyticsConfiguration GetBucketCors
//	GetBucketIntelligentTieringConfiguration GetBucketInventoryConfiguration
//	GetBucketLifecycleConfiguration GetBucketMetadataConfiguration
//	GetBucketMetadataTableConfiguration GetBucketMetricsConfiguration
//	GetBucketPolicyStatus GetBucketReplication GetBucketWebsite
//	GetObjectAnnotation GetObjectLegalHold GetObjectLockConfiguration
//	GetObjectRetention GetObjectTorrent ListBucketAnalyticsConfigurations
//	ListBucketIntelligentTieringConfigurations
//	ListBucketInventoryConfigurations ListBucketMetricsConfigurations
//	ListDirectoryBuckets ListObjectAnnotations PutBucketAbac
//	PutBucketAccelerateConfiguration PutBucketAcl
//	PutBucketAnalyticsConfiguration PutBucketCors
//	PutBucketIntelligentTieringConfiguration PutBucketInventoryConfiguration
//	PutBucketLifecycleConfiguration PutBucketLogging
//	PutBucketMetricsConfiguration PutBucketReplication PutBucketRequestPayment
//	PutBucketWebsite PutObjectAcl PutObjectAnnotation PutObjectLegalHold
//	PutObjectLockConfiguration PutObjectRetention RenameObject RestoreObject
//	SelectObjectContent UpdateBucketMetadataAnnotationTableConfiguration
//	UpdateBucketMetadataInventoryTableConfiguration
//	UpdateBucketMetadataJournalTableConfiguration UpdateObjectEncryption
//	WriteGetObjectResponse
package s3
