namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>Why a posted form was not read.</summary>
public enum FormFaultKind
{
    BodyTooLarge,
    TooManyKeys,
    KeyTooLong,
    ValueTooLong,
}

/// <summary>A form that was not read: what is wrong, the HTTP status to answer, and the words for the log (never the content).</summary>
public sealed record FormFault(FormFaultKind Kind, int Status, string Words)
{
    internal static readonly FormFault BodyTooLarge = new(
        FormFaultKind.BodyTooLarge, 413, $"The body is larger than {RawForm.MaxBodyBytes} bytes; send less.");

    internal static readonly FormFault TooManyKeys = new(
        FormFaultKind.TooManyKeys, 400, $"The form has more than {RawForm.MaxKeys} fields; send fewer.");

    internal static readonly FormFault KeyTooLong = new(
        FormFaultKind.KeyTooLong, 400, $"A field's name is longer than {RawForm.MaxKeyBytes} bytes; this is no form.");

    internal static readonly FormFault ValueTooLong = new(
        FormFaultKind.ValueTooLong, 413, $"A field's value is longer than {RawForm.MaxValueBytes} bytes; send less.");
}
