using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Access;

/// <summary>Sets a second factor up.</summary>
public sealed partial class EnrolDialog
{
    private Proposal.Secret? _secret;
    private IReadOnlyList<string>? _codes;
    private string _password = "";
    private string _code = "";
    private string? _fault;
    private bool _isWorking;

    /// <summary>Whose account it is, as the app will call it.</summary>
    [Parameter, EditorRequired] public string Email { get; set; } = "";

    [Inject] public required AccountDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    public static async Task OpenAsync(DialogService dialogs, string email) => await dialogs.OpenAsync<EnrolDialog>(
        "Set up a second factor", new Dictionary<string, object?> { [nameof(Email)] = email }, DialogShape.Small);

    /// <summary>In fours, as people read such things.</summary>
    private static string Spaced(string key) => string.Join(' ', key.Chunk(4).Select(four => new string(four)));

    private Task ProposeAsync() => TryAsync(async () =>
    {
        var proposal = await Desk.ProposeAsync(_password, Email, CancellationToken.None);
        _password = "";
        _secret = proposal as Proposal.Secret;
        _fault = proposal switch
        {
            Proposal.WrongPassword wrong => TryWords.Of(wrong.Left),
            Proposal.AlreadyOn => "A second factor is on already.",
            _ => null,
        };
    });

    private Task TurnOnAsync() => TryAsync(async () =>
    {
        _codes = await Desk.TurnOnAsync(_code, CancellationToken.None);
        _fault = _codes is null ? "This code doesn't fit. Type the one the app shows now; its clock must be right." : null;
        _code = "";
    });

    private async Task TryAsync(Func<Task> stepAsync)
    {
        if (_isWorking) return;
        _isWorking = true;
        try
        {
            await stepAsync();
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Nothing is changed: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Your session has ended. Sign in again.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
