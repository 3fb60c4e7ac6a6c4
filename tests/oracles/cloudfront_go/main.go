// Command cloudfront signs URLs with the AWS SDK for Go and prints them as test vectors.
package main

import (
	"bytes"
	"crypto"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/cloudfront/sign"
)

const (
	keyID   = "K2JCJMDEHXQW5F"
	expires = 1798761600
	starts  = 1798675200
)

type vector struct {
	Name      string `json:"name"`
	URL       string `json:"url"`
	Scope     string `json:"scope"`
	Resource  string `json:"resource"`
	Key       string `json:"key"`
	KeyID     string `json:"key_id"`
	Hash      string `json:"hash"`
	Expires   int64  `json:"expires"`
	Starts    *int64 `json:"starts"`
	ClientIP  string `json:"client_ip"`
	Canned    bool   `json:"canned"`
	Policy    string `json:"policy"`
	SignedURL string `json:"signed_url"`
}

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func policyText(policy *sign.Policy) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(policy); err != nil {
		panic(err)
	}
	return string(bytes.TrimSpace(text.Bytes()))
}

func main() {
	folder := os.Args[1]
	urls := []string{"https://d111111abcdef8.cloudfront.net/video.mp4", "https://d111111abcdef8.cloudfront.net/vod/m1/master.m3u8?color=red&size=medium"}
	var vectors []vector
	for _, name := range []string{"rsa2048.pem", "p256.pem"} {
		pem := must(os.ReadFile(filepath.Join(folder, name)))
		key := must(sign.LoadPEMPrivKeyPKCS8AsSigner(bytes.NewReader(pem)))
		signer := sign.NewURLSigner(keyID, crypto.Signer(key))
		for i, url := range urls {
			end := time.Unix(expires, 0)
			vectors = append(vectors, vector{Name: fmt.Sprintf("%s canned %d", name, i), URL: url, Scope: "exact", Key: name, KeyID: keyID, Hash: "sha1",
				Expires: expires, Canned: true, Policy: policyText(sign.NewCannedPolicy(url, end)), SignedURL: must(signer.Sign(url, end))})
			begin := int64(starts)
			for _, resource := range []string{url, "https://d111111abcdef8.cloudfront.net/*"} {
				policy := &sign.Policy{Statements: []sign.Statement{{Resource: resource, Condition: sign.Condition{
					DateLessThan: sign.NewAWSEpochTime(end), DateGreaterThan: sign.NewAWSEpochTime(time.Unix(begin, 0)),
					IPAddress: &sign.IPAddress{SourceIP: "203.0.113.0/24"}}}}}
				text := policyText(policy)
				each := vector{Name: fmt.Sprintf("%s custom %d %d", name, i, len(resource)), URL: url, Scope: "exact", Key: name, KeyID: keyID, Hash: "sha1",
					Expires: expires, Starts: &begin, ClientIP: "203.0.113.0/24", Policy: text, SignedURL: must(signer.SignWithPolicy(url, policy))}
				if resource != url {
					each.Scope, each.Resource = "prefix", resource
				}
				vectors = append(vectors, each)
			}
		}
	}
	must(0, json.NewEncoder(os.Stdout).Encode(vectors))
}
