using SmsAi.Core.Pipeline.Intake;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Bench.Rows;

/// <summary>What is stored of a text's words: encrypted, hashed, and blinded for the search.</summary>
internal readonly record struct MessageRow(byte[] Body, byte[] ContentHash, string Terms)
{
    /// <summary>The fields of a webhook that are kept beside its text.</summary>
    public const string Fields = """{"ToCountry":"US","FromState":"CA","FromCountry":"US"}""";

    public static MessageRow Make(long id, string text, PersonKey key, PhoneHasher hasher, TermBlinder search) =>
        new(key.Encrypt(text, "messages.body", id), hasher.HashContent(NormalText.Of(text)), SearchTerms.ToVector(text, search));
}
