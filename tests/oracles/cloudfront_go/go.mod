module streamforge/oracles/cloudfront

go 1.24

require github.com/aws/aws-sdk-go-v2/feature/cloudfront/sign v1.9.16
