using SmsAi.Core.Pipeline.Intake.Webhooks;
using SmsAi.Core.Pipeline.Routing;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Pipeline.Intake;

/// <summary>One arrival made ready for the intake's statement: hashed, encrypted, with its ids.</summary>
internal sealed class IntakeRow
{
    public required InboundArrival Arrival { get; init; }

    public required byte[] PhoneHash { get; init; }

    public required byte[]? ContentHash { get; init; }

    public required string OurNumber { get; init; }

    public required long MessageId { get; init; }

    public required Sender Sender { get; set; }

    public byte[] Body { get; private set; } = [];

    public byte[]? Fields { get; private set; }

    /// <summary>What the text asks for about consent: a whole-message keyword, or what Twilio recognised.</summary>
    public required string? Consent { get; init; }

    public static string? ConsentOf(InboundText text) => OptOutWords.Read(text.Body, text.OptOutType) switch
    {
        OptOutWord.Stop => "out",
        OptOutWord.Start => "in",
        _ => null,
    };

    public void Encrypt(string? fieldsJson)
    {
        Body = Sender.Key.Encrypt(Arrival.Text.Body, "messages.body", MessageId);
        Fields = fieldsJson is null ? null : Sender.Key.Encrypt(fieldsJson, "messages.fields", MessageId);
    }
}

/// <summary>The person of a row: known here with her key of the month, or perhaps new, with everything a new person needs.</summary>
internal sealed record Sender(long UserId, PersonKey Key)
{
    public NewPerson? New { get; init; }
}

/// <summary>What is stored for a person this replica doesn't know; all of it is dropped when she turns out to exist.</summary>
internal sealed record NewPerson(byte[] WrappedKey, PersonKey Profile, byte[] WrappedProfile, byte[] PhoneCipher);
