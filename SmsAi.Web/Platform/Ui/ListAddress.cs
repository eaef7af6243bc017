using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace SmsAi.Web.Platform.Ui;

/// <summary>The address of a list: it holds what is looked for, the place in the list and the unfolded row, so that it can be kept and shared.</summary>
internal static class ListAddress
{
    /// <summary>Null for what an address leaves empty. Nobody types control characters, and the database takes no zero byte.</summary>
    public static string? Given(string? text) => WithoutControls(text) is { } plain && !string.IsNullOrWhiteSpace(plain) ? plain : null;

    /// <summary>A number an address holds; null for what is none, since an address may be mistyped.</summary>
    public static long? Number(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? WithoutControls(string? text) => text?.Any(char.IsControl) == true ? string.Concat(text.Where(letter => !char.IsControl(letter))) : text;

    extension(NavigationManager navigation)
    {
        /// <summary>The same list looked through for something else: at its newest again, with nothing unfolded.</summary>
        public string Search(Dictionary<string, object?> filters) =>
            navigation.GetUriWithQueryParameters(new Dictionary<string, object?>(filters) { ["before"] = null, ["after"] = null, ["row"] = null });

        /// <summary>The page of the list "before" or "after" a place.</summary>
        public string Page(string direction, object place) =>
            navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["before"] = null, ["after"] = null, ["row"] = null, [direction] = place });
    }
}
