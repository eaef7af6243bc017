using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>
/// Undoes a quirk: texts of several parts occasionally arrive as base64. Taken for base64 only what is long, looks like it, and
/// decodes to UTF-8 of mostly plain letters; a password or checksum someone texts decodes to noise and stays as written.
/// </summary>
internal static class Base64Body
{
    private const int Shortest = 60;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    internal static string? Decode(string body)
    {
        if (body.Length < Shortest || body.Length % 4 != 0) return null;
        var letters = body.AsSpan().TrimEnd('=');
        if (letters.Length < body.Length - 2 || letters.ContainsAnyExcept(Alphabet)) return null;

        var bytes = new byte[body.Length / 4 * 3];
        if (!Convert.TryFromBase64String(body, bytes, out var length)) return null;
        var decoded = bytes.AsSpan(0, length);
        if (!Utf8.IsValid(decoded)) return null;

        var plain = 0;
        foreach (var one in decoded)
        {
            if (one is < (byte)' ' and not ((byte)'\n' or (byte)'\r' or (byte)'\t') or 0x7f) return null;
            if (one < 0x80) plain++;
        }

        return plain * 2 >= length ? Encoding.UTF8.GetString(decoded) : null;
    }
}
