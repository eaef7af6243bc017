using System.Buffers;
using System.Globalization;
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
    // A letter, a number and a colon.
    private const int LongestHead = 12;
    private const char User = 'u';
    private const char Assistant = 'a';

    public static byte[] Seal(PersonKey key, long conversationId, IReadOnlyList<ModelTurn> turns)
    {
        var text = ArrayPool<char>.Shared.Rent(turns.Sum(turn => turn.Text.Length + LongestHead));
        try
        {
            var copy = key.Encrypt(text.AsSpan(0, Write(turns, text)), Place, conversationId, room: KeyIdBytes);
            key.Id.TryWriteBytes(copy);
            return copy;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(text, clearArray: true);
        }
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
    private static int Write(IReadOnlyList<ModelTurn> turns, Span<char> text)
    {
        var at = 0;
        foreach (var turn in turns)
        {
            var speaker = turn.Role == ModelRole.User ? User : Assistant;
            text[at..].TryWrite(CultureInfo.InvariantCulture, $"{speaker}{turn.Text.Length}:{turn.Text}", out var written);
            at += written;
        }

        return at;
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
