using Microsoft.AspNetCore.Components;

namespace SmsAi.Web.Platform.Ui;

/// <summary>The address of a list: it holds what is looked for, the place in the list and the unfolded row, so that it can be kept and shared.</summary>
internal static class ListAddress
{
    /// <summary>Null for what an address leaves empty.</summary>
    public static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

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
