using System.Globalization;
using System.Text;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>
/// The copy of a conversation's last turns that Redis may hold: 16 bytes say under which of the person's keys the rest is encrypted,
/// so that a copy of last month, or of an erased person made anew, is simply no copy.
/// </summary>
internal static class SessionCopy
{
    private const string Place = "redis.session";
    private const int KeyIdBytes = 16;
    private const char User = 'u';
    private const char Assistant = 'a';

    public static byte[] Seal(PersonKey key, long conversationId, IReadOnlyList<ModelTurn> turns)
    {
        var cipher = key.Encrypt(Write(turns), Place, conversationId);
        var copy = new byte[KeyIdBytes + cipher.Length];
        key.Id.TryWriteBytes(copy);
        cipher.CopyTo(copy.AsSpan(KeyIdBytes));
        return copy;
    }

    /// <summary>The turns, or null when the copy was made under another key or damaged.</summary>
    public static List<ModelTurn>? Open(PersonKey key, long conversationId, ReadOnlySpan<byte> copy)
    {
        if (copy.Length <= KeyIdBytes || new Guid(copy[..KeyIdBytes]) != key.Id)
            return null;
        try
        {
            return Read(key.Decrypt(copy[KeyIdBytes..], Place, conversationId));
        }
        catch (CipherRefusedException)
        {
            return null;
        }
    }

    // One letter for the speaker, the number of characters, then the words: "u5:Helloa3:Hi!".
    private static string Write(IReadOnlyList<ModelTurn> turns)
    {
        var text = new StringBuilder(turns.Sum(turn => turn.Text.Length + 8));
        foreach (var turn in turns)
            text.Append(turn.Role == ModelRole.User ? User : Assistant).Append(CultureInfo.InvariantCulture, $"{turn.Text.Length}:").Append(turn.Text);
        return text.ToString();
    }

    private static List<ModelTurn>? Read(string text)
    {
        var turns = new List<ModelTurn>();
        for (var at = 0; at < text.Length;)
        {
            var colon = text.IndexOf(':', at);
            if (text[at] is not (User or Assistant)
                || colon < 0
                || !int.TryParse(text.AsSpan(at + 1, colon - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length > text.Length - colon - 1)
                return null;
            turns.Add(new ModelTurn(text[at] == User ? ModelRole.User : ModelRole.Assistant, text.Substring(colon + 1, length)));
            at = colon + 1 + length;
        }

        return turns;
    }
}
