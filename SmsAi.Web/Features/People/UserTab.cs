using System.Globalization;

namespace SmsAi.Web.Features.People;

/// <summary>A tab of a person's page; the address names it.</summary>
public sealed record UserTab(string Name, string Title)
{
    public const string Overview = "";
    public const string Messages = "messages";
    public const string Tasks = "tasks";
    public const string Errors = "errors";
    public const string Consent = "consent";
    public const string Notes = "notes";

    public static IReadOnlyList<UserTab> All { get; } =
        [new(Overview, "Overview"), new(Messages, "Messages"), new(Tasks, "Tasks"), new(Errors, "Errors"), new(Consent, "Consent"), new(Notes, "Notes")];

    /// <summary>A name there is not is the first tab.</summary>
    public static UserTab Of(string? name) => All.FirstOrDefault(tab => tab.Name == name) ?? All[0];

    public string HrefOf(long person) =>
        string.Create(CultureInfo.InvariantCulture, $"users/{person}") + (Name.Length == 0 ? "" : "?tab=" + Name);
}
