namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>The names of fields that come with nearly every text, so that they aren't made anew for each.</summary>
internal static class FieldNames
{
    private static readonly (byte[] Bytes, string Text)[] Known = [.. new[]
    {
        "FromCity", "FromState", "FromZip", "FromCountry", "ToCity", "ToState", "ToZip", "ToCountry", "NumSegments", "ApiVersion",
        "SmsStatus", "MediaUrl0", "MediaContentType0", "ProfileName", "WaId", "MessageType", "Latitude", "Longitude",
        "ErrorMessage", "ChannelPrefix", "ChannelInstallSid", "ChannelStatusMessage",
    }.Select(name => (System.Text.Encoding.ASCII.GetBytes(name), name))];

    internal static string? Of(ReadOnlySpan<byte> key)
    {
        foreach (var (bytes, text) in Known)
            if (key.SequenceEqual(bytes)) return text;
        return null;
    }
}
