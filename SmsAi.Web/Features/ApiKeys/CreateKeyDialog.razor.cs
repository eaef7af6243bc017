using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Features.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.ApiKeys;

/// <summary>Asks what a new key is for, makes it, and shows it once.</summary>
public sealed partial class CreateKeyDialog
{
    private IReadOnlyDictionary<string, string> _faults = new Dictionary<string, string>();
    private IReadOnlyList<string> _roles = [OperatorRoles.Viewer];
    private HashSet<string> _scopes = [.. Scopes.OfRole[OperatorRoles.Viewer]];
    private string _role = OperatorRoles.Viewer;
    private string _name = "";
    private int _days = 90;
    private string? _fault;
    private bool _isWorking;
    private MadeApiKey? _made;

    [Inject] public required ApiKeyDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    public static Task OpenAsync(DialogService dialogs) => dialogs.OpenAsync<CreateKeyDialog>("Create an API key", [], DialogShape.Small);

    protected override async Task OnInitializedAsync() => _roles = await Desk.RolesAsync();

    private void Choose(ChangeEventArgs change)
    {
        _role = change.Value as string ?? _role;
        _scopes = [.. Scopes.OfRole[_role]];
    }

    private void Toggle(string scope)
    {
        if (!_scopes.Remove(scope)) _scopes.Add(scope);
    }

    private async Task SaveAsync()
    {
        var order = new ApiKeyOrder(_name, _role, TimeSpan.FromDays(_days), [.. Scopes.OfRole[_role].Where(_scopes.Contains)]);
        _faults = order.Faults();
        _fault = null;
        if (_faults.Count > 0 || _isWorking) return;
        _isWorking = true;
        try
        {
            await StepUpDialog.GuardAsync(Dialogs, async () => _made = await Desk.CreateAsync(order, CancellationToken.None));
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not created: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Not created: your role may not make such keys.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
