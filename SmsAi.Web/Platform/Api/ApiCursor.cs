using System.Buffers.Text;
using System.Text;

namespace SmsAi.Web.Platform.Api;

/// <summary>The place from which a list goes on, as callers hand it back: nothing to be read or made up.</summary>
internal static class ApiCursor
{
    private const string Version = "1";
    private const char Between = '\n';
    private const int Longest = 400;

    /// <param name="list">The list it belongs to; another one refuses it.</param>
    public static string Of(string list, params string[] place) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(Between, [Version, list, .. place])));

    /// <summary>The place; null when this is no cursor of the list's.</summary>
    public static string[]? Read(string list, string text)
    {
        if (text.Length > Longest || !Base64Url.IsValid(text))
            return null;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(Between);
        return parts is [Version, var of, ..] && of == list ? parts[2..] : null;
    }
}
