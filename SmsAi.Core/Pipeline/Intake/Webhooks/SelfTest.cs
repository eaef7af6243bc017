using System.Text.Json.Serialization;

namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>A webhook we post to ourselves, to see what the way through the public URL does to its signature.</summary>
public static class SelfTest
{
    public const string Path = "/sms/self-test";
}

/// <summary>What the self-test's endpoint saw: the sender's nonce, which token signed, and which spelling of our URL.</summary>
public sealed record SelfTestAnswer(string Nonce, string Token, string Variant, string Url);

/// <summary>The self-test's answer on the wire.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SelfTestAnswer))]
public sealed partial class SelfTestJson : JsonSerializerContext;
